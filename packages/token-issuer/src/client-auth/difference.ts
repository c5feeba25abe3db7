/** How one text differs from another, in the words that help to mend it. */
export type DifferenceKind =
  | "missing"
  | "letter_case"
  | "trailing_slash"
  | "white_space"
  | "ids_added"
  | "ids_left_out"
  | "begins_alike"
  | "characters";

/** How a value differs from the one that was expected. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Characters to be added, taken away or changed (Levenshtein); of long texts a part. */
  readonly distance: number;
  /** The parts in which they differ: cut from what is alike at both ends. */
  readonly expectedPart: string;
  readonly presentedPart: string;
}

/** Characters of each part that are compared: whoever sends a token must not choose what it costs. */
const LONGEST = 128;

/** @param presented `undefined`: there is none */
export function differenceOf(expected: string, presented: string | undefined): Difference {
  if (presented === undefined)
    return { kind: "missing", distance: expected.length, expectedPart: expected, presentedPart: "" };
  const [expectedPart, presentedPart] = differingParts(expected, presented);
  const distance =
    levenshtein(expectedPart.slice(0, LONGEST), presentedPart.slice(0, LONGEST)) +
    Math.max(0, expectedPart.length - LONGEST, presentedPart.length - LONGEST);
  return { kind: kindOf(expected, presented), distance, expectedPart, presentedPart };
}

function kindOf(expected: string, presented: string): DifferenceKind {
  if (expected.toLowerCase() === presented.toLowerCase()) return "letter_case";
  if (expected.replace(/\/$/, "") === presented.replace(/\/$/, "")) return "trailing_slash";
  if (expected.replaceAll(/\s/g, "") === presented.replaceAll(/\s/g, "")) return "white_space";
  if (withoutIds(presented) === expected) return "ids_added";
  if (withoutIds(expected) === presented) return "ids_left_out";
  return presented.startsWith(expected) || expected.startsWith(presented) ? "begins_alike" : "characters";
}

/** GitHub puts the ids of owner and repository behind their names: `repo:acme@1/shop@2:…` is `repo:acme/shop:…`. */
const withoutIds = (subject: string): string => subject.replace(/^(repo:[^/@]+)@\d+(\/[^:@]+)@\d+/, "$1$2");

/** What is left of two texts without what is alike at their beginnings and ends. */
function differingParts(one: string, other: string): readonly [string, string] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}

function levenshtein(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    for (let at = 1; at <= other.length; at++) {
      const swap = (row[at - 1] ?? 0) + Number(one[line - 1] !== other[at - 1]);
      next.push(Math.min(swap, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
