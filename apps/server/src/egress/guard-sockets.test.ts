import { once } from "node:events";
import { createServer, get, type RequestListener } from "node:http";
import { get as getSecurely } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guardSockets, type Lookup, type SocketGuard } from "./guard-sockets.ts";

/** Incident 6: addresses that lead into somebody's network, in every notation that a URL or a resolver understands. */
const hostile = [
  "127.0.0.1",
  "127.0.0.2",
  "127.255.255.254",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0x7f.0x0.0x0.0x1",
  "0177.0.0.1",
  "017700000001",
  "0177.0.0.01",
  "0.0.0.0",
  "0",
  "0.1.2.3",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "10.0.0.1",
  "10.255.255.255",
  "167772161",
  "0x0a000001",
  "012.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "192.168.255.255",
  "3232235521",
  "169.254.169.254",
  "169.254.0.1",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "100.64.0.1",
  "100.127.255.255",
  "192.0.0.1",
  "192.0.0.170",
  "192.0.2.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::ffff:169.254.169.254]",
  "[::ffff:10.0.0.1]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b:1::a9fe:a9fe]",
  "[2002:7f00:1::]",
  "[2001:0:7f00:1::]",
  "[fe80::1]",
  "[fec0::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[ff02::1]",
  "[2001:db8::1]",
  "[100::1]",
  "１２７.0.0.1",
  "①②⑦.0.0.1",
];

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
  test.each(hostile)("to %s is refused before a byte leaves", async (host) => {
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
