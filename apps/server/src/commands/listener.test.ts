import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { DOORS, listenerOf } from "./listener.ts";

const address = { port: 0, host: "127.0.0.1" };
const CALLERS = 64;
const REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(address);
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Each request takes three milliseconds of the processor; the answers are counted. */
function busyServer(): { readonly server: Server; readonly answered: () => number } {
  let count = 0;
  const server = createServer((_, response) => {
    const end = performance.now() + 3;
    while (performance.now() < end);
    count++;
    response.end("ok");
  });
  return { server, answered: () => count };
}

/** Asks again and again on one connection until it is told to end. */
function regular(port: number): Socket {
  const socket = connect(port, address.host, () => socket.write(REQUEST));
  return socket.on("data", () => socket.write(REQUEST)).on("error", () => undefined);
}

test("callers who come at once to a busy server → are let in many at a time, not one in each turn of its loop", async () => {
  const { server, answered } = busyServer();
  const listener = listenerOf(server, DOORS);
  const port = await freePort();
  await listener.open({ ...address, port });
  const regulars = Array.from({ length: 4 }, () => regular(port));
  await once(regulars[3] as Socket, "data");
  const before = answered();
  const callers = Array.from({ length: CALLERS }, () => {
    const socket = connect(port, address.host, () => socket.write(REQUEST));
    return socket;
  });
  await Promise.all(callers.map((socket) => once(socket, "data")));
  // One in a turn: each regular is answered once for every caller.
  expect(answered() - before - CALLERS).toBeLessThan(CALLERS);
  for (const socket of [...callers, ...regulars]) socket.destroy();
  await listener.drain();
});

test("a port that another program has, or that a Mintmark of many doors has → refused, with another one named", async () => {
  const port = await freePort();
  const first = listenerOf(createServer(), DOORS);
  await first.open({ ...address, port });
  for (const doors of [1, DOORS])
    await expect(listenerOf(createServer(), doors).open({ ...address, port })).rejects.toThrow(
      `Port ${port} is in use by another program.`,
    );
  await first.drain();
});

test("drained while a request that came through any door runs → it is answered, and its connection ends", async () => {
  const held: (() => void)[] = [];
  const listener = listenerOf(
    createServer((_, response) => void held.push(() => response.end("done"))),
    DOORS,
  );
  const port = await freePort();
  await listener.open({ ...address, port });
  const texts = Array.from({ length: CALLERS }, async () => {
    const socket = connect(port, address.host, () => socket.write(REQUEST));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  });
  while (held.length < CALLERS) await new Promise((resolve) => setTimeout(resolve, 5));
  const drained = listener.drain();
  for (const answer of held) answer();
  for (const text of await Promise.all(texts)) expect(text).toMatch(/done$/);
  await drained;
  await expect(once(connect(port, address.host), "connect")).rejects.toThrow("ECONNREFUSED");
});
