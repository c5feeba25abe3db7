import type { Database } from "@mintmark/db";
import { describe, expect, test } from "vitest";
import { lastUse } from "./last-use.ts";

/** A database that counts the statements it is sent, and fails them when told to. */
function counting() {
  const state = { statements: 0, away: false };
  const sql = async () => {
    state.statements++;
    if (state.away) throw new Error("away");
    return [];
  };
  return { state, database: { sql } as unknown as Database };
}

const use = (seconds: number, credentialId = "sec_1") => ({
  tenantId: "ten_1",
  credentialId,
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)),
  address: "192.0.2.1",
});

describe("a credential's last use", () => {
  test("is written at most once a minute for each credential", async () => {
    const { state, database } = counting();
    const uses = lastUse(database);
    for (const at of [0, 1, 59]) uses.note(use(at));
    uses.note(use(0, "sec_2"));
    await uses.settled();
    expect(state.statements).toBe(2);
    uses.note(use(60));
    await uses.settled();
    expect(state.statements).toBe(3);
  });

  test("never fails its request, and is tried again at the next use", async () => {
    const { state, database } = counting();
    const uses = lastUse(database);
    state.away = true;
    uses.note(use(0));
    await uses.settled();
    state.away = false;
    uses.note(use(1));
    await uses.settled();
    expect(state.statements).toBe(2);
  });
});
