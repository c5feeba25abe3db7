import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { decideRows, isPlanned, type PlanFacts } from "./import-plan.ts";
import type { ImportRow, RowClient } from "./import-row.ts";

const now = new Date("2027-01-31T12:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
const ORDERS = "https://orders.example/";
const OWN = "https://id.example/acme/admin/api";

const facts: PlanFacts = {
  now,
  taken: { ids: new Set(["cli_1", "brought"]), names: new Set(["there"]) },
  apis: new Map([
    [
      ORDERS,
      {
        id: "res_1",
        isOwnApi: false,
        scopes: new Map([
          ["read", "scp_1"],
          ["write", "scp_2"],
        ]),
      },
    ],
    [
      OWN,
      {
        id: "res_2",
        isOwnApi: true,
        scopes: new Map([
          ["client:read", "scp_3"],
          ["client:write", "scp_4"],
        ]),
      },
    ],
  ]),
  mayNotGrant: undefined,
  notHeld: (scopes) => scopes.filter((scope) => scope === "client:write"),
  secretLife: { days: null, word: "secret", setting: "clientSecretLifetime" },
  keyLife: { days: 30, word: "key", setting: "clientKeyLifetime" },
  sealsSecrets: true,
  room: undefined,
};

const row = (client: Partial<RowClient> = {}): ImportRow => ({
  line: 1,
  end: 1,
  name: "new",
  client: {
    name: "new",
    description: undefined,
    clientId: undefined,
    accessTokenLifetime: undefined,
    grants: [],
    expiresAt: undefined,
    publicKey: undefined,
    jwksUri: undefined,
    ...client,
  },
});

function decided(client: Partial<RowClient>, more: Partial<PlanFacts> = {}) {
  const [decision] = decideRows([row(client)], { ...facts, ...more });
  if (!decision) throw new Error("nothing was decided");
  return isPlanned(decision) ? decision : decision.code;
}

const publicKey = JSON.stringify(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
);

test("a client with access → its grants by id, each scope once and in order; a secret without an end", () => {
  const grants = [{ resource: ORDERS, scopes: ["write", "read", "write"] }];
  expect(decided({ grants })).toMatchObject({
    grants: [
      {
        resourceId: "res_1",
        scopes: [
          { id: "scp_1", name: "read" },
          { id: "scp_2", name: "write" },
        ],
      },
    ],
    credential: { kind: "secret" },
    expiresAt: null,
  });
});

test.each<[string, Partial<RowClient>, Partial<PlanFacts>, string]>([
  ["a client_id that a client has", { clientId: "brought" }, {}, "ALREADY_EXISTS"],
  ["a client_id that is another one's own id", { clientId: "cli_1" }, {}, "ALREADY_EXISTS"],
  ["a name that is there, without a client_id", { name: "there" }, {}, "ALREADY_EXISTS"],
  ["an API that is not there", { grants: [{ resource: "https://x.example/", scopes: [] }] }, {}, "NOT_FOUND"],
  ["a scope of another API", { grants: [{ resource: ORDERS, scopes: ["client:read"] }] }, {}, "NOT_FOUND"],
  ["more of an own API than is held", { grants: [{ resource: OWN, scopes: ["client:write"] }] }, {}, "MORE_THAN_HELD"],
  [
    "access, where whoever imports grants none",
    { grants: [{ resource: ORDERS, scopes: [] }] },
    { mayNotGrant: { code: "FORBIDDEN", permission: "client-grant:write", askRole: "owner" } },
    "FORBIDDEN",
  ],
  ["no key, and nobody to seal to", {}, { sealsSecrets: false }, "INVALID_INPUT"],
  ["a key that is none", { publicKey: "x" }, {}, "INVALID_INPUT"],
  ["a key that lives too long", { publicKey, expiresAt: inDays(31) }, {}, "INVALID_INPUT"],
])("%s → refused", (_, client, more, code) => {
  expect(decided(client, more)).toBe(code);
});

test.each<[string, Partial<RowClient>, Partial<PlanFacts>]>([
  ["a name that is there, with a client_id of its own", { name: "there", clientId: "other" }, {}],
  ["what is held of an own API", { grants: [{ resource: OWN, scopes: ["client:read"] }] }, {}],
  ["its own key where nobody is sealed to", { publicKey }, { sealsSecrets: false }],
  ["the address of its keys", { jwksUri: "https://keys.example/jwks" }, { sealsSecrets: false }],
])("%s → made", (_, client, more) => {
  expect(decided(client, more)).toHaveProperty("credential");
});

test("no end said where lives are bounded → the latest one", () => {
  expect(decided({ publicKey })).toMatchObject({ credential: { kind: "key" }, expiresAt: inDays(30) });
});

test("room for two more → the first two that could be made; what is refused anyway takes no room", () => {
  const rows = [row({ name: "there" }), row(), row(), row()];
  const decisions = decideRows(rows, { ...facts, room: { limit: 5, left: 2 } });
  expect(decisions.map((decision) => (isPlanned(decision) ? "made" : decision.code))).toEqual([
    "ALREADY_EXISTS",
    "made",
    "made",
    "TENANT_LIMIT_REACHED",
  ]);
});
