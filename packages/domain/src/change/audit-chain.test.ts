import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ChainCheck, type ChainEnd, type ChainLink } from "./audit-chain.ts";
import { type ChainedRow, chainHash, commitmentOf } from "./audit-hash.ts";

const rowAt = (sequence: number): ChainedRow => ({
  tenantId: "ten_1",
  workspaceId: "wsp_1",
  sequence,
  id: `evt_${sequence}`,
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, sequence)),
  type: "client.created",
  outcome: "done",
  actor: "mem_1",
  correlationId: `req_${sequence}`,
  body: { clientId: `cli_${sequence}` },
});

function sealed(rows: readonly ChainedRow[]): ChainLink[] {
  let previousHash: Buffer = Buffer.alloc(32);
  return rows.map((row) => {
    const [salt, personal] = [randomBytes(16), { address: "10.0.0.1", agent: "curl" }];
    const commitment = commitmentOf(salt, personal);
    const hash = chainHash(previousHash, row, commitment);
    const link = { ...row, salt, personal, commitment, previousHash, hash };
    previousHash = hash;
    return link;
  });
}

const headOf = (chain: readonly ChainLink[]): ChainEnd => {
  const last = chain.at(-1);
  return last ?? { sequence: 0, hash: Buffer.alloc(32) };
};

const faults = (chain: readonly ChainLink[], head: ChainEnd | undefined, checkpoints: readonly ChainEnd[] = []) => {
  const check = new ChainCheck(checkpoints);
  return [...chain.flatMap((link) => check.next(link)), ...check.end(head)].map(
    ({ sequence, id, fault }) => `${sequence} ${id} ${fault}`,
  );
};

const chain = sealed(Array.from({ length: 6 }, (_, at) => rowAt(at + 1)));
const head = headOf(chain);
const changed = (sequence: number, change: Partial<ChainLink>) =>
  chain.map((link) => (link.sequence === sequence ? { ...link, ...change } : link));

/** Sealed rightly, with the same number. */
function forgedBeside(link: ChainLink): ChainLink {
  const row = { ...rowAt(link.sequence), id: "evt_forged" };
  return { ...link, ...row, hash: chainHash(link.previousHash, row, link.commitment) };
}

describe("incident 19: an audit chain that somebody changed [A10]", () => {
  test("as it was written → nothing, and its checkpoints agree", () => {
    expect(faults(chain, head)).toEqual([]);
    expect(faults(chain, head, chain)).toEqual([]);
    expect(faults([], headOf([]))).toEqual([]);
  });

  test.each<[string, readonly ChainLink[], readonly string[]]>([
    ["altered", changed(3, { actor: "mem_2" }), ["3 evt_3 altered"]],
    ["relabelled to another workspace", changed(3, { workspaceId: "wsp_2" }), ["3 evt_3 altered"]],
    ["relabelled to another time", changed(3, { at: new Date(0) }), ["3 evt_3 altered"]],
    ["its body altered", changed(3, { body: {} }), ["3 evt_3 altered"]],
    ["deleted", chain.filter(({ sequence }) => sequence !== 3), ["3 null missing"]],
    ["the first deleted", chain.slice(1), ["1 null missing"]],
    ["cut off at the end", chain.slice(0, 4), ["5 null cut_off"]],
    [
      "two exchanged",
      chain
        .map((link) => ({
          ...link,
          sequence: ({ 3: 4, 4: 3 } as Record<number, number>)[link.sequence] ?? link.sequence,
        }))
        .sort((one, other) => one.sequence - other.sequence),
      ["3 evt_4 altered", "4 evt_3 altered"],
    ],
    [
      "its address altered",
      changed(3, { personal: { address: "10.0.0.2", agent: "curl" } }),
      ["3 evt_3 personal_part_altered"],
    ],
    ["its salt altered", changed(3, { salt: randomBytes(16) }), ["3 evt_3 personal_part_altered"]],
    [
      "its address altered, and its salt taken away",
      changed(3, { personal: { address: "10.0.0.2", agent: "curl" }, salt: null }),
      ["3 evt_3 personal_part_altered"],
    ],
    ["added before the first", [{ ...(sealed([rowAt(0)])[0] as ChainLink) }, ...chain], ["0 evt_0 misnumbered"]],
    [
      "added at a number that is taken",
      chain.flatMap((link) => (link.sequence === 3 ? [link, forgedBeside(link)] : [link])),
      ["3 evt_forged misnumbered"],
    ],
  ])("%s → the row is named, and no other", (_, wrong, named) => {
    expect(faults(wrong, head)).toEqual(named);
  });

  test("a person erased, address and salt → nothing is wrong", () => {
    expect(faults(changed(3, { personal: null, salt: null }), head)).toEqual([]);
  });

  test("one altered and sealed anew → the row after it does not follow", () => {
    const row = { ...rowAt(3), actor: "mem_2" };
    const link = chain[2] as ChainLink;
    expect(faults(changed(3, { ...row, hash: chainHash(link.previousHash, row, link.commitment) }), head)).toEqual([
      "4 evt_4 does_not_follow",
    ]);
  });

  test("all sealed anew, with the head → only a checkpoint shows it, and names the first that it saw otherwise", () => {
    const anew = sealed(
      chain.map((link) => (link.sequence === 3 ? { ...rowAt(3), actor: "mem_2" } : rowAt(link.sequence))),
    );
    expect(faults(anew, headOf(anew))).toEqual([]);
    const kept = chain.filter(({ sequence }) => sequence >= 4);
    expect(faults(anew, headOf(anew), kept)[0]).toBe("4 evt_4 sealed_anew");
  });

  test("sealed anew, and a checkpoint made after that → the one from before still shows it", () => {
    const row = { ...rowAt(6), actor: "mem_2" };
    const link = chain[5] as ChainLink;
    const anew = changed(6, { ...row, hash: chainHash(link.previousHash, row, link.commitment) });
    expect(faults(anew, headOf(anew), [head, headOf(anew)])).toEqual(["6 evt_6 sealed_anew"]);
  });

  test("cut off, with the head set back → only a checkpoint shows it", () => {
    const short = chain.slice(0, 4);
    expect(faults(short, headOf(short))).toEqual([]);
    expect(faults(short, headOf(short), [head])).toEqual(["5 null cut_off"]);
  });

  test("cut by retention → it goes on behind the cut, and nothing else may be missing", () => {
    const rest = chain.slice(3);
    const after = (rows: readonly ChainLink[], cut?: ChainEnd) => {
      const check = new ChainCheck(chain, cut);
      return [...rows.flatMap((link) => check.next(link)), ...check.end(head)].map(
        (one) => `${one.sequence} ${one.fault}`,
      );
    };
    expect(after(rest, chain[2])).toEqual([]);
    expect(after(rest)).toEqual(["1 missing", "2 missing", "3 missing"]);
    expect(after(rest.slice(1), chain[2])).toEqual(["4 missing"]);
    expect(after(rest, { sequence: 3, hash: Buffer.alloc(32, 1) })).toEqual(["4 does_not_follow"]);
  });

  test("sealed anew and then cut by retention → the checkpoint of before still shows it, where one of after saw that number", () => {
    const other = (sequence: number): ChainEnd => ({ sequence, hash: Buffer.alloc(32, 1) });
    const [, second, third] = chain as [ChainLink, ChainLink, ChainLink];
    const begun = (...checkpoints: readonly ChainEnd[]) => {
      const check = new ChainCheck(checkpoints, third);
      return [check.begin().map(({ sequence, fault }) => `${sequence} ${fault}`), check.outlived];
    };
    expect(begun(...chain)).toEqual([[], 2]);
    expect(begun(other(3))).toEqual([["3 sealed_anew"], 0]);
    expect(begun(second, other(2))).toEqual([["2 sealed_anew"], 2]);
    expect(begun(other(2))).toEqual([[], 1]);
    expect(new ChainCheck([...chain, other(2)]).begin()).toEqual([]);
  });

  test("the head altered, or gone → said", () => {
    expect(faults(chain, { sequence: 6, hash: Buffer.alloc(32) })).toEqual(["6 null head_altered"]);
    expect(faults(chain, undefined)).toEqual(["6 null head_altered"]);
  });
});
