import type { RequestListener } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type HttpsServer, startHttps } from "../../../../test/support/https.ts";
import { documentFetcher } from "./fetch-document.ts";
import { guardSockets, type Lookup, type SocketGuard } from "./guard-sockets.ts";
import { hostileHosts } from "./testing/hostile-hosts.ts";

let door: HttpsServer;
let answer: RequestListener;
let visits = 0;
let guard: SocketGuard | undefined;

beforeAll(async () => {
  door = await startHttps((request, response) => {
    visits++;
    answer(request, response);
  });
});
afterAll(() => door.close());
afterEach(() => {
  guard?.remove();
  visits = 0;
});

const json: RequestListener = (_, response) =>
  response.writeHead(200, { "Content-Type": "application/json" }).end('{"keys":[]}');
const problem = async (address: string, authorities = [door.authority]) =>
  documentFetcher(authorities)(address).then(
    () => "read",
    (error: { problem: string }) => error.problem,
  );
const opened = () => {
  guard = guardSockets([{ host: "localhost", port: door.port }]);
};

test("a JSON object from an opened host with a certificate of a trusted authority is read", async () => {
  opened();
  answer = json;
  expect(await documentFetcher([door.authority])(`${door.origin}/keys`)).toEqual({ keys: [] });
});

test("an authority that nobody named is refused, before the request is sent", async () => {
  opened();
  answer = json;
  expect([await problem(door.origin, []), visits]).toEqual(["certificate", 0]);
});

describe("incident 6: no address leads into somebody's network", () => {
  test.each(hostileHosts)("%s is refused before a byte leaves", async (host) => {
    guard = guardSockets([]);
    answer = json;
    const refused = await problem(`https://${host}:${door.port}/keys`);
    // Other digits are refused as they are written; whether the resolver knows `localhost.` is the machine's affair.
    const others = /^[\x21-\x7e]+$/.test(host) ? (host === "localhost." ? ["unreachable"] : []) : ["address"];
    expect(["not_public", ...others]).toContain(refused);
    expect(visits).toBe(0);
  });

  test.each([
    "http://localhost/keys",
    "HTTPS://localhost/keys",
    "ftp://localhost/keys",
    "file:///etc/passwd",
    "data:application/json,{}",
    "https:localhost/keys",
    "https://user:secret@localhost/keys",
    "https://localhost@127.0.0.1/keys",
    "https://localhost/keys#part",
    "https://loc\talhost/keys",
    "https://localhost/ keys",
    "https://[fe80::1%25eth0]/keys",
    "https://[::1/keys",
    "//localhost/keys",
    "",
    `https://localhost/${"k".repeat(2048)}`,
  ])("%j is no address to ask", async (address) => {
    opened();
    expect(await problem(address.replace("localhost", `localhost:${door.port}`))).toBe("address");
    expect(visits).toBe(0);
  });

  const resolvesTo =
    (...answers: string[]): Lookup =>
    (_, __, done) => {
      const address = (answers.length > 1 ? answers.shift() : answers[0]) ?? "";
      done(null, [{ address, family: address.includes(":") ? 6 : 4 }]);
    };

  test.each(["127.0.0.1", "::1", "::ffff:169.254.169.254", "fe80::1%eth0", "10.0.0.1"])(
    "a name that leads to %s is refused",
    async (address) => {
      guard = guardSockets([], resolvesTo(address));
      expect([await problem(`https://rebind.example:${door.port}/`), visits]).toEqual(["not_public", 0]);
    },
  );

  test("a name is resolved once: what it leads to a moment later (rebinding) is never asked", async () => {
    let asked = 0;
    guard = guardSockets([], (_, __, done) => {
      asked++;
      done(null, [{ address: asked === 1 ? "192.0.2.1" : "127.0.0.1", family: 4 }]);
    });
    expect([await problem(`https://rebind.example:${door.port}/`), asked, visits]).toEqual(["not_public", 1, 0]);
  });

  test.each([301, 302, 303, 307, 308])("a redirect (%i) is not followed, to wherever", async (status) => {
    opened();
    answer = (_, response) => response.writeHead(status, { Location: `${door.origin}/keys` }).end();
    expect([await problem(door.origin), visits]).toEqual(["redirect", 1]);
  });
});

describe("what is no small JSON object", () => {
  const body =
    (text: string, headers: Record<string, string> = {}, status = 200): RequestListener =>
    (_, response) =>
      response.writeHead(status, { "Content-Type": "application/jwk-set+json; charset=utf-8", ...headers }).end(text);
  const large = JSON.stringify({ keys: "k".repeat(256 * 1024) });
  const bad: Readonly<Record<string, readonly [RequestListener, string]>> = {
    "another status": [body("{}", {}, 404), "status"],
    "a page": [body("{}", { "Content-Type": "text/html" }), "type"],
    "packed JSON": [body("{}", { "Content-Encoding": "gzip" }), "type"],
    "a list": [body("[]"), "json"],
    "half an object": [body('{"keys":'), "json"],
    "257 KiB that say so": [body(large, { "Content-Length": String(large.length) }), "too_large"],
    "an endless body": [
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        const more = () => void (response.destroyed || response.write("[".repeat(65_536), more));
        more();
      },
      "too_large",
    ],
    "a connection that breaks": [(_, response) => response.socket?.destroy(), "unreachable"],
    "a body that breaks": [
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" }).write("{");
        setTimeout(() => response.destroy(), 50);
      },
      "unreachable",
    ],
  };
  test.each(Object.entries(bad))("%s is refused", async (_, [listener, refused]) => {
    opened();
    answer = listener;
    expect(await problem(door.origin)).toBe(refused);
  });

  test("whoever sends nothing, or a byte a second, is left after five seconds", async () => {
    opened();
    const began = performance.now();
    answer = (request, response) => {
      if (request.url === "/silent") return;
      response.writeHead(200, { "Content-Type": "application/json" });
      const drip = setInterval(() => response.write(" "), 500);
      response.once("close", () => clearInterval(drip));
    };
    const both = await Promise.all([problem(`${door.origin}/silent`), problem(`${door.origin}/drip`)]);
    expect(both).toEqual(["slow", "slow"]);
    expect(performance.now() - began).toBeLessThan(50_000);
  }, 60_000);
});
