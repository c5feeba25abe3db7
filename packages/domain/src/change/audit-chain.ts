import { type ChainedRow, chainHash, commitmentOf } from "./audit-hash.ts";

/** A row of the audit log with what ties it to its chain. */
export interface ChainLink extends ChainedRow {
  readonly personal: Readonly<Record<string, unknown>> | null;
  readonly salt: Uint8Array | null;
  readonly commitment: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** Where a chain ends. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** What is wrong with a chain, and at which number. */
export interface AuditFault {
  readonly sequence: number;
  /** The row's own id; `null` where there is no such row. */
  readonly id: string | null;
  readonly fault:
    | "missing"
    /** Its number is another row's too, or below that of the first. */
    | "misnumbered"
    /** It does not say what it said when it was sealed, or was sealed for another chain or number. */
    | "altered"
    /** Address and agent are not those that were sealed. An erased part is no fault. */
    | "personal_part_altered"
    /** It was sealed after another row than the one that stands before it. */
    | "does_not_follow"
    | "cut_off"
    /** The chain's head says another end than its last row. */
    | "head_altered"
    /** The rows up to there are gone, and what says that retention cut them was not signed for that. */
    | "not_cut_by_retention"
    /** A checkpoint of that number saw another hash: the chain was sealed anew after it. */
    | "sealed_anew";
}

const START = new Uint8Array(32);
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Follows one chain row by row, in the order of their numbers. */
export class ChainCheck {
  #last: ChainEnd;
  #isLastSound = true;
  #length = 0;
  readonly #checkpoints: ReadonlyMap<number, readonly ChainEnd[]>;
  readonly #cut: ChainEnd;

  /**
   * @param checkpoints what somebody outside the database kept: hashes by number
   * @param cut the last row that retention cut off; without it the chain begins with row 1
   */
  constructor(checkpoints: readonly ChainEnd[] = [], cut: ChainEnd = { sequence: 0, hash: START }) {
    this.#last = cut;
    this.#cut = cut;
    this.#checkpoints = Map.groupBy(checkpoints, ({ sequence }) => sequence);
  }

  /** How many rows it has seen. */
  get length(): number {
    return this.#length;
  }

  /** How many checkpoints saw rows before the last one that is cut off: there is nothing left to compare them with. */
  get outlived(): number {
    const before = [...this.#checkpoints].filter(([sequence]) => sequence < this.#cut.sequence);
    return before.reduce((sum, [, kept]) => sum + kept.length, 0);
  }

  /** What is wrong with the rows that are cut off, as far as checkpoints of one number and the cut contradict each other. */
  begin(): readonly AuditFault[] {
    return [...this.#checkpoints]
      .filter(([sequence]) => sequence <= this.#cut.sequence)
      .filter(([sequence, [first, ...others]]) => {
        const one = sequence === this.#cut.sequence ? this.#cut : first;
        return one && [first, ...others].some((kept) => kept && !same(kept.hash, one.hash));
      })
      .map(([sequence]) => ({ sequence, id: null, fault: "sealed_anew" as const }))
      .toSorted((one, other) => one.sequence - other.sequence);
  }

  /** What is wrong with the next row. A row that is wrong does not make those after it wrong. */
  next(link: ChainLink): readonly AuditFault[] {
    const { sequence, id, hash, previousHash, commitment, salt, personal } = link;
    const faults: AuditFault[] = [];
    const found = (fault: AuditFault["fault"]) => faults.push({ sequence, id, fault });
    this.#length++;
    const gap = sequence - this.#last.sequence - 1;
    if (gap < 0) return [{ sequence, id, fault: "misnumbered" }];
    for (let missing = 0; missing < Math.min(gap, MOST_NAMED); missing++)
      faults.push({ sequence: this.#last.sequence + 1 + missing, id: null, fault: "missing" });
    if (!same(chainHash(previousHash, rowOf(link), commitment), hash)) found("altered");
    else if (gap === 0 && this.#isLastSound && !same(previousHash, this.#last.hash)) found("does_not_follow");
    this.#isLastSound = faults.every(({ fault }) => fault !== "altered");
    if (personal && !(salt && same(commitmentOf(salt, personal), commitment))) found("personal_part_altered");
    // A checkpoint that was made after the change agrees with it; the one from before does not.
    if (this.#checkpoints.get(sequence)?.some((kept) => !same(kept.hash, hash))) found("sealed_anew");
    this.#last = { sequence, hash };
    return faults;
  }

  /** What is wrong with the end, by the chain's head and by what a checkpoint saw. */
  end(head: ChainEnd | undefined): readonly AuditFault[] {
    const { sequence, hash } = this.#last;
    const longest = Math.max(head?.sequence ?? 0, ...this.#checkpoints.keys());
    if (longest > sequence) return [{ sequence: sequence + 1, id: null, fault: "cut_off" }];
    // A chain begins with its first row, and so does its head.
    const isEnd = head === undefined ? sequence === 0 : head.sequence === sequence && same(head.hash, hash);
    return isEnd ? [] : [{ sequence, id: null, fault: "head_altered" }];
  }
}

/** Of one gap; the first says enough. */
const MOST_NAMED = 20;

const rowOf = (link: ChainLink): ChainedRow => {
  const { tenantId, workspaceId, sequence, id, at, type, outcome, actor, correlationId, body } = link;
  return { tenantId, workspaceId, sequence, id, at, type, outcome, actor, correlationId, body };
};
