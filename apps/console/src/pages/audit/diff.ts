type Body = Readonly<Record<string, unknown>>;

/** One member that differs; `undefined` where that side has none. */
export interface Difference {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Members by their path, `settings.jwksMaxAge`; lists stay whole. */
function flat(value: Body, prefix = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, member] of Object.entries(value)) {
    const path = prefix + key;
    if (isObject(member)) for (const [inner, text] of flat(member, `${path}.`)) all.set(inner, text);
    else all.set(path, wordsOf(member));
  }
  return all;
}

/** A value in one line; a list as its items. */
function wordsOf(value: unknown): string {
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (value === null || value === undefined) return "(none)";
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => typeof item !== "object");
    return value.length === 0 ? "(none)" : isPlain ? value.join(" ") : JSON.stringify(value);
  }
  return JSON.stringify(value);
}

/** Counted by the server for itself; no news to a reader. */
const OURS = new Set(["version"]);

/** What differs between two versions, in the order of the members; everything, where one side is not there. */
export function differences(before: Body | null | undefined, after: Body | null | undefined): readonly Difference[] {
  const [old, now] = [flat(before ?? {}), flat(after ?? {})];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => !OURS.has(path) && old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }));
}
