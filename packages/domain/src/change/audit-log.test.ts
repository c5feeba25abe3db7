import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { canonicalJson, chainHash, commitmentOf } from "./audit.ts";
import { type ChainLink, type StoredAuditRow, verifyChain } from "./audit-log.ts";

/** A chain as the single writer writes it. */
function chainOf(length: number): StoredAuditRow[] {
  const rows: StoredAuditRow[] = [];
  let previousHash: Buffer = Buffer.alloc(32);
  for (let sequence = 1; sequence <= length; sequence++) {
    const row = {
      tenantId: "ten_acme",
      workspaceId: "wsp_payments",
      sequence,
      id: `evt_${sequence}`,
      at: new Date(1_800_000_000_000 + sequence),
      type: "client.created",
      outcome: "done" as const,
      actor: "cli_robot",
      correlationId: `req_${sequence}`,
      body: { clientId: `cli_${sequence}`, name: "Robot" },
    };
    const personal = { address: "192.0.2.1", agent: "curl/8" };
    const salt = randomBytes(16);
    const commitment = commitmentOf(salt, personal);
    const hash = chainHash(previousHash, row, commitment);
    rows.push({ ...row, personal, salt, commitment, previousHash, hash });
    previousHash = hash;
  }
  return rows;
}

const headOf = (rows: readonly StoredAuditRow[]): ChainLink => rows.at(-1) ?? { sequence: 0, hash: Buffer.alloc(32) };
const changed = (rows: readonly StoredAuditRow[], at: number, change: Partial<StoredAuditRow>) =>
  rows.map((row, index) => (index === at ? { ...row, ...change } : row));

describe("an audit chain", () => {
  const rows = chainOf(5);
  const head = headOf(rows);

  test("that is as it was written verifies", () => {
    expect(verifyChain(rows, { head })).toBeUndefined();
    expect(verifyChain([])).toBeUndefined();
  });

  test("verifies from a checkpoint on", () => {
    const from = rows[1];
    expect(verifyChain(rows.slice(2), from ? { from, head } : {})).toBeUndefined();
  });

  test("still verifies after a row's personal part was erased with its salt", () => {
    expect(verifyChain(changed(rows, 2, { personal: null, salt: null }), { head })).toBeUndefined();
  });

  test.each<[string, Partial<StoredAuditRow>]>([
    ["body", { body: { clientId: "cli_other", name: "Robot" } }],
    ["type", { type: "client.deleted" }],
    ["actor", { actor: "cli_other" }],
    ["outcome", { outcome: "refused" }],
    ["instant", { at: new Date(0) }],
    ["correlation id", { correlationId: "req_other" }],
    ["id", { id: "evt_other" }],
    ["tenant", { tenantId: "ten_other" }],
    ["workspace", { workspaceId: "wsp_other" }],
    ["commitment", { commitment: randomBytes(32) }],
    ["hash", { hash: randomBytes(32) }],
  ])("with another %s names the row", (_what, change) => {
    expect(verifyChain(changed(rows, 2, change), { head })).toEqual({ sequence: 3, problem: "altered" });
  });

  test("with another personal part names the row", () => {
    const personal = { address: "198.51.100.9", agent: "curl/8" };
    const problem = "personal part altered";
    expect(verifyChain(changed(rows, 2, { personal }), { head })).toEqual({ sequence: 3, problem });
    expect(verifyChain(changed(rows, 2, { personal: null }), { head })).toEqual({ sequence: 3, problem });
  });

  test("with a row taken out, put elsewhere or doubled names the place", () => {
    const [a, b, c, d, e] = rows as [StoredAuditRow, StoredAuditRow, StoredAuditRow, StoredAuditRow, StoredAuditRow];
    expect(verifyChain([a, c, d, e], { head })).toEqual({ sequence: 2, problem: "missing" });
    expect(verifyChain([a, c, b, d, e], { head })).toEqual({ sequence: 2, problem: "missing" });
    expect(verifyChain([a, b, b, c, d, e], { head })).toEqual({ sequence: 3, problem: "missing" });
  });

  test("with a row taken out and the others numbered anew names the place", () => {
    const renumbered = [...rows.slice(0, 1), ...rows.slice(2)].map((row, index) => ({ ...row, sequence: index + 1 }));
    expect(verifyChain(renumbered)).toEqual({ sequence: 2, problem: "unlinked" });
  });

  test("with its tail cut off is seen by who knows the head", () => {
    expect(verifyChain(rows.slice(0, 3), { head })).toEqual({ sequence: 4, problem: "cut off" });
    expect(verifyChain([], { head })).toEqual({ sequence: 1, problem: "cut off" });
  });

  test("that was forged from a row on is seen by who knows the head", () => {
    expect(verifyChain(chainOf(5), { head })).toEqual({ sequence: 6, problem: "cut off" });
  });
});

describe("the form that is hashed", () => {
  test("does not depend on the order of members, and leaves undefined out", () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: undefined }] })).toBe('{"a":[{"d":null}],"b":1}');
  });

  test("tells instants apart", () => {
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });
});
