import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endIfSlow, RequestAborted, readBody, readLongBody } from "./request-body.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => {
  // A spy on the fake timer would stay for every file after this one.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Sends the beginning of a request; what is read of it, and what came back when the connection ended. */
async function begin(read: typeof readBody, bytes: string) {
  let body: ReturnType<typeof readBody> | undefined;
  const server = createServer((request, response) => {
    endIfSlow(response);
    body = read(request, 100);
    body.then(
      () => response.end("whole"),
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setEncoding("latin1");
  let answer = "";
  socket.on("data", (text: string) => (answer += text));
  const closed = once(socket, "close").then(() => server.close());
  const asked = once(server, "request");
  socket.write(bytes);
  await asked;
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  return { socket, body, closed, answered: () => answer };
}

const HEAD = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n";

test("a body that is not whole after half a minute → 408 and the end, unless it may be long: then it is read", async () => {
  const slow = await begin(readBody, `${HEAD}ab`);
  const unread = await begin(() => Promise.resolve(new Uint8Array()), `${HEAD}ab`);
  const long = await begin(readLongBody, `${HEAD}ab`);
  vi.advanceTimersByTime(29_999);
  expect([slow.socket.closed, slow.answered()]).toEqual([false, ""]);
  const aborted = expect(slow.body).rejects.toThrow(RequestAborted);
  vi.advanceTimersByTime(1);
  await aborted;
  await Promise.all([slow.closed, unread.closed]);
  expect(slow.answered()).toBe("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  expect(unread.answered()).toMatch(/^HTTP\/1\.1 200 OK/);
  vi.advanceTimersByTime(300_000);
  long.socket.write("cd");
  expect(Buffer.from((await long.body) as Uint8Array).toString()).toBe("abcd");
  await long.closed;
  expect(long.answered()).toMatch(/whole$/);
});

test("a body that comes in one piece with its head → no timer", async () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  const { body, closed, answered } = await begin(readBody, `${HEAD}abcd`);
  expect(Buffer.from((await body) as Uint8Array).toString()).toBe("abcd");
  await closed;
  expect(answered()).toMatch(/whole$/);
  expect(timers).not.toHaveBeenCalled();
});
