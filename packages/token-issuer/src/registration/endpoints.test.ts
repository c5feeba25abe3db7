import { expect, test } from "vitest";
import type { Failure } from "../failure.ts";
import { newWorld, path, request, url } from "../testing/world.ts";
import type { ClientRegistry, ManagedClient, Registration } from "./registry.ts";

const registration: Registration = {
  clientId: "cli_1",
  issuedAt: new Date("2026-03-01T12:00:00Z"),
  metadata: {
    name: undefined,
    methods: ["client_secret_basic", "client_secret_post"],
    credentials: { kind: "secret" },
    mayExchange: false,
    grants: new Map(),
    requiresDpop: false,
    requiresCertificate: false,
  },
};
const managed: ManagedClient = { id: "cli_1", methods: undefined, exchange: true, grants: new Map() };
const unknown = (claimed: string): Failure => ({ reason: "registration_token_unknown", claimed });

/** One initial access token `good`, and one client that manages itself by the token `own`. */
const registry: ClientRegistry = {
  findInitialAccess: async (_, token) => (token === "good" ? { ...managed, id: "iat_1" } : unknown(token)),
  register: async () => ({ ...registration, registrationAccessToken: "own", secret: "s", secretExpiresAt: null }),
  findManaged: async (_, clientId, token) => (token === "own" ? managed : unknown(clientId)),
  read: async () => registration,
  hasSecret: async () => false,
  replace: async () => registration,
  remove: async () => undefined,
};

const sending = (method: string, token: string | undefined, body = "{}") =>
  request({
    method,
    headers: [
      ["Content-Type", "application/json"],
      ...(token === undefined ? [] : [["Authorization", `Bearer ${token}`] as [string, string]]),
    ],
    body,
  });

const world = (options: Parameters<typeof newWorld>[0] = {}) => newWorld(options, { registry });

/** How often each status came. */
async function statuses(count: number, ask: () => Promise<{ readonly status: number }>) {
  const all: Record<number, number> = {};
  for (let at = 0; at < count; at++) {
    const { status } = await ask();
    all[status] = (all[status] ?? 0) + 1;
  }
  return all;
}

test("a client is registered where there is somebody who keeps it, and nowhere else", async () => {
  const { issuer } = await world();
  const made = await issuer.register(path, sending("POST", "good"));
  expect([made.status, JSON.parse(made.body ?? "{}")]).toMatchObject([
    201,
    {
      client_id: "cli_1",
      client_secret: "s",
      client_secret_expires_at: 0,
      registration_client_uri: `${url}/oauth2/register/cli_1`,
    },
  ]);
  const { issuer: other } = await newWorld();
  expect((await other.register(path, sending("POST", "good"))).status).toBe(404);
  expect((await other.clientConfiguration({ ...path, client: "cli_1" }, sending("GET", "own"))).status).toBe(404);
});

test("wrong tokens → counted by what they say they are of; over the budget 429, and the right one is let in", async () => {
  const { issuer } = await world();
  const ask = (token: string) => () => issuer.register(path, sending("POST", token));
  expect(await statuses(40, ask("bad"))).toEqual({ 401: 30, 429: 10 });
  expect(await statuses(5, ask("another"))).toEqual({ 401: 5 });
  expect(await statuses(5, ask("good"))).toEqual({ 201: 5 });
});

test("a token in a loop → 120 registrations a minute, then 429 with Retry-After; a client's changes likewise", async () => {
  const { issuer, clock } = await world();
  const register = () => issuer.register(path, sending("POST", "good"));
  expect(await statuses(130, register)).toEqual({ 201: 120, 429: 10 });
  expect((await register()).headers["Retry-After"]).toBe("1");
  const change = () =>
    issuer.clientConfiguration({ ...path, client: "cli_1" }, sending("PUT", "own", '{"client_id":"cli_1"}'));
  expect(await statuses(130, change)).toEqual({ 200: 120, 429: 10 });
  clock.advance(60);
  expect((await register()).status).toBe(201);
});

test("a malformed document → 400 before anybody looks for the token; without a token 401 before that", async () => {
  const { issuer } = await world();
  for (const token of ["good", "bad"])
    expect((await issuer.register(path, sending("POST", token, '{"a":1,"a":2}'))).status).toBe(400);
  expect((await issuer.register(path, sending("POST", undefined, "{"))).status).toBe(401);
});
