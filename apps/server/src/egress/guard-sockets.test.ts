import { once } from "node:events";
import { createServer, get, type RequestListener } from "node:http";
import { get as getSecurely } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guardSockets, type Lookup, openTo, type SocketGuard } from "./guard-sockets.ts";
import { hostileHosts } from "./testing/hostile-hosts.ts";

/** Every way out of the process that a library may take. */
const ways: Readonly<Record<string, (host: string, port: number) => Promise<unknown>>> = {
  fetch: (host, port) => fetch(`http://${host}:${port}/`),
  "fetch over TLS": (host, port) => fetch(`https://${host}:${port}/`),
  "http.get": (host, port) => answered(get(`http://${host}:${port}/`)),
  "https.get": (host, port) => answered(getSecurely(`https://${host}:${port}/`)),
  "net.connect": (host, port) => connected(connect({ host: bare(host), port })),
  "net.connect by port and host": (host, port) => connected(connect(port, bare(host))),
  "tls.connect": (host, port) => connected(connectSecurely({ host: bare(host), port })),
};

const bare = (host: string) => new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, "");
const answered = (request: ReturnType<typeof get>) =>
  new Promise((resolve, reject) => request.once("response", resolve).once("error", reject));
const connected = (socket: ReturnType<typeof connect>) =>
  new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));

const codeOf = (error: unknown): unknown => {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return code ?? (cause === undefined ? error : codeOf(cause));
};

let visits = 0;
const count: RequestListener = (_, response) => {
  visits++;
  response.end("inside");
};
const server = createServer(count);
server.on("connection", () => visits++);
let port = 0;
let guard: SocketGuard | undefined;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  visits = 0;
});
afterEach(() => guard?.remove());
afterAll(() => server.close());

test("without the guard the stage is reachable: what follows can fail", async () => {
  const headers = { Connection: "close" };
  expect(await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text()).toBe("inside");
});

describe.each(Object.keys(ways))("%s", (way) => {
  test.each(hostileHosts)("to %s is refused before a byte leaves", async (host) => {
    guard = guardSockets([]);
    const refused = await ways[way]?.(host, port).then(() => "connected", codeOf);
    // Whether the resolver knows the root's own `localhost.` is the machine's affair.
    expect(host === "localhost." && refused === "ENOTFOUND" ? "EGRESS_REFUSED" : refused).toBe("EGRESS_REFUSED");
    expect(visits).toBe(0);
  });
});

describe("a name", () => {
  const resolvesTo =
    (...answers: string[][]): Lookup =>
    (_, __, done) =>
      done(
        null,
        (answers.length > 1 ? answers.shift() : answers[0])?.map((address) => ({
          address,
          family: address.includes(":") ? 6 : 4,
        })) ?? [],
      );

  test.each([["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"]])(
    "that leads to %s is refused",
    async (address) => {
      guard = guardSockets([], resolvesTo([address]));
      expect(await fetch(`http://rebind.example:${port}/`).catch(codeOf)).toBe("EGRESS_REFUSED");
    },
  );

  test("with one private address among public ones is refused", async () => {
    guard = guardSockets([], resolvesTo(["93.184.216.34", "127.0.0.1"]));
    expect(await fetch(`http://mixed.example:${port}/`).catch(codeOf)).toBe("EGRESS_REFUSED");
    expect(visits).toBe(0);
  });

  test("is resolved once a connection: a second answer (rebinding) is never asked for", async () => {
    let asked = 0;
    guard = guardSockets([], (_, __, done) => {
      asked++;
      done(null, [{ address: asked === 1 ? "192.0.2.1" : "127.0.0.1", family: 4 }]);
    });
    expect(await fetch(`http://rebind.example:${port}/`).catch(codeOf)).toBe("EGRESS_REFUSED");
    expect([asked, visits]).toEqual([1, 0]);
  });
});

test("a redirect from an opened host to one that is not is refused", async () => {
  const door = createServer((_, response) => response.writeHead(302, { Location: `http://127.0.0.2:${port}/` }).end());
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const at = (door.address() as AddressInfo).port;
  guard = guardSockets([{ host: "127.0.0.1", port: at }]);
  expect(await fetch(`http://127.0.0.1:${at}/`).catch(codeOf)).toBe("EGRESS_REFUSED");
  door.close();
});

test("a host and port that the operator opened are reachable, another port of it is not", async () => {
  guard = guardSockets([{ host: "127.0.0.1", port }]);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  expect(await fetch(`http://127.0.0.1:${port + 1}/`).catch(codeOf)).toBe("EGRESS_REFUSED");
});

test("a connection that says what is open to it → that alone is, and nothing of what is open to the process", async () => {
  guard = guardSockets([{ host: "127.0.0.1", port }]);
  const ask = (hosts: Parameters<typeof openTo>[0], scheme: typeof get) =>
    answered(scheme({ host: "127.0.0.1", port, ...openTo(hosts) })).then(() => "connected", codeOf);
  expect([await ask([], get), await ask([], getSecurely), visits]).toEqual(["EGRESS_REFUSED", "EGRESS_REFUSED", 0]);
  guard.remove();
  guard = guardSockets([]);
  const own = [{ host: "127.0.0.1", port }];
  expect(await ask(own, get)).toBe("connected");
  // The stage speaks no TLS; that it was reached is enough.
  expect(await ask(own, getSecurely)).not.toBe("EGRESS_REFUSED");
});
