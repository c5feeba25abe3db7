import type { Database } from "@mintmark/db";
import { ReplayedId, StoreUnavailable } from "@mintmark/token-issuer";
import { expect, test } from "vitest";
import type { SetAside } from "./set-aside.ts";
import type { Spool } from "./spool.ts";
import { tokenLogWriter } from "./token-log-writer.ts";
import type { TokenRow } from "./token-row.ts";

const replays = (id: string) => [{ id, expiresAt: "2027-01-01T00:15:00.000Z" }];
const row = (jti: string) => ({ jti, at: new Date().toISOString(), expiresAt: null }) as unknown as TokenRow;

/** A database that notes the batches it commits, and a spool in memory. */
function stage() {
  const state = {
    /** "lost": commits one batch more, and goes away before it has said so. */
    mode: "up" as "up" | "away" | "refusing" | "lost",
    /** What becomes of it then. */
    next: "up" as "up" | "away",
    /** The token that each id became. */
    taken: new Map([["used", "before"]]),
    batches: [] as string[][],
    spooled: [] as string[],
    shipping: Promise.resolve(),
    setAside: [] as string[],
  };
  const run = (json: string | undefined): { jti: string; id: string }[] => {
    if (state.mode === "away") throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
    const rows = json === undefined ? undefined : (JSON.parse(json) as TokenRow[]);
    const jtis = rows?.map(({ jti }) => jti);
    if (jtis && state.mode === "refusing" && jtis.includes("bad"))
      throw Object.assign(new Error("no such day"), { code: "22007" });
    if (jtis) state.batches.push(jtis);
    const wanted = (rows ?? []).flatMap(({ jti, replays = [] }) => replays.map(({ id }) => ({ jti, id })));
    for (const { id, jti } of wanted) if (!state.taken.has(id)) state.taken.set(id, jti);
    if (jtis && state.mode === "lost") {
      state.mode = state.next;
      throw Object.assign(new Error("lost"), { code: "ECONNRESET" });
    }
    return wanted.filter(({ id, jti }) => state.taken.get(id) !== jti);
  };
  /** Like the driver's: `unsafe` for the batch, the tag for the look whether it is back. */
  const sql = Object.assign(async () => run(undefined), { unsafe: async (_: string, [json]: string[]) => run(json) });
  const spool: Spool = {
    get isEmpty() {
      return state.spooled.length === 0;
    },
    append: async (rows) => {
      if (rows.some(({ jti }) => jti === "huge")) throw new Error("full");
      state.spooled.push(...rows.map(({ jti }) => jti));
    },
    ship: async (write) => {
      await state.shipping;
      await write(state.spooled.map(row));
      state.spooled = [];
    },
    close: async () => {},
  };
  const complaints: unknown[] = [];
  const open = () => ({ sql, close: async () => {} }) as unknown as Database;
  const setAside: SetAside = {
    keep: async ({ jti }) => void state.setAside.push(jti),
  };
  const writer = tokenLogWriter({ open, spool, setAside, complain: (error) => complaints.push(error) });
  return { state, writer, complaints };
}

test("what comes in one turn is one batch; what comes while it is written is the next", async () => {
  const { state, writer } = stage();
  const first = Promise.all([writer.append(row("a"), "continue"), writer.append(row("b"), "continue")]);
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([first, writer.append(row("c"), "continue")]);
  expect(state.batches).toEqual([["a", "b"], ["c"]]);
});

test("a row that the database refuses fails alone", async () => {
  const { state, writer } = stage();
  state.mode = "refusing";
  const all = await Promise.allSettled(["a", "bad", "b"].map((jti) => writer.append(row(jti), "continue")));
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(state.batches.flat()).toEqual(["a", "b"]);
});

test("while the database is away rows go to the spool or are refused, as their workspace says", async () => {
  const { state, writer } = stage();
  state.mode = "away";
  await writer.append(row("kept"), "continue");
  await expect(writer.append(row("stopped"), "stop")).rejects.toThrow(StoreUnavailable);
  await expect(writer.append(row("huge"), "continue")).rejects.toThrow(StoreUnavailable);
  expect([state.spooled, state.batches]).toEqual([["kept"], []]);
});

test("what was spooled is shipped when the database is back, and rows go there again", async () => {
  const { state, writer } = stage();
  state.mode = "away";
  await writer.append(row("kept"), "continue");
  state.mode = "up";
  while (state.spooled.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await writer.append(row("later"), "stop");
  expect(state.batches).toEqual([["kept"], ["later"]]);
});

test("a spooled row that the database refuses for ever is set aside, and those before and behind it are shipped", async () => {
  const { state, writer } = stage();
  state.mode = "away";
  for (const jti of ["a", "b", "bad", "c", "d"]) await writer.append(row(jti), "continue");
  state.mode = "refusing";
  while (state.spooled.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect([state.batches.flat(), state.setAside]).toEqual([["a", "b", "c", "d"], ["bad"]]);
});

test("rows are written again before a long spool is shipped", async () => {
  const { state, writer } = stage();
  state.mode = "away";
  await writer.append(row("kept"), "continue");
  state.mode = "up";
  let shipped = () => {};
  state.shipping = new Promise((resolve) => (shipped = resolve));
  const isTaken = () => writer.append(row("new"), "stop").then(Boolean.bind(null, true), () => false);
  while (!(await isTaken())) await new Promise((resolve) => setTimeout(resolve, 20));
  expect([state.spooled, state.batches]).toEqual([["kept"], [["new"]]]);
  shipped();
  while (state.spooled.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(state.batches).toEqual([["new"], ["kept"]]);
});

test("what was used before is refused alone, and what may be used once never goes to the spool", async () => {
  const { state, writer } = stage();
  const once = (jti: string, id: string) => writer.append({ ...row(jti), replays: replays(id) }, "continue");
  const all = await Promise.allSettled([once("a", "new"), once("b", "used"), writer.append(row("c"), "continue")]);
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(all[1]).toMatchObject({ reason: expect.any(ReplayedId) });
  expect(all[1]).toHaveProperty("reason.id", "used");
  state.mode = "away";
  await expect(once("d", "newer")).rejects.toThrow(StoreUnavailable);
  expect(state.spooled).toEqual([]);
});

test("the answer to a batch is lost → what may be used once is sent again and knows its own; the rest is spooled", async () => {
  const { state, writer } = stage();
  const all = (once: string) =>
    Promise.allSettled([
      writer.append({ ...row(`mine ${once}`), replays: replays(once) }, "continue"),
      writer.append({ ...row(`other ${once}`), replays: replays("used") }, "continue"),
      writer.append(row(`strict ${once}`), "stop"),
      writer.append(row(`free ${once}`), "continue"),
    ]);
  state.mode = "lost";
  const answers = await all("one");
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  expect(answers[1]).toHaveProperty("reason", expect.any(ReplayedId));
  expect(state.batches.slice(0, 2)).toEqual([
    ["mine one", "other one", "strict one", "free one"],
    ["mine one", "other one", "strict one"],
  ]);

  while (state.spooled.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  [state.mode, state.next] = ["lost", "away"];
  const lost = await all("two");
  expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "fulfilled"]);
  for (const answer of lost.slice(0, 3)) expect(answer).toHaveProperty("reason", expect.any(StoreUnavailable));
  state.mode = "up";
  await writer.close();
});

test("closing waits for what was appended", async () => {
  const { state, writer } = stage();
  const appended = writer.append(row("last"), "continue");
  await writer.close();
  await appended;
  expect(state.batches).toEqual([["last"]]);
});

test("says when everything so far is settled, though more comes all the time", async () => {
  const { state, writer } = stage();
  const first = writer.append(row("a"), "continue");
  const written = writer.written();
  let isDone = false;
  void written.then(() => (isDone = true));
  expect(isDone).toBe(false);
  for (let at = 0; !isDone && at < 1000; at++) await writer.append(row(`more ${at}`), "continue");
  expect(isDone).toBe(true);
  await first;
  expect(state.batches.flat()).toContain("a");
  await writer.written();
  await writer.close();
});
