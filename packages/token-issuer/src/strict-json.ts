/** Why a text is not the JSON object that was expected. */
export type JsonProblem = "json" | "duplicate_member";

/** A parsed JSON object; members are unknown until checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses a JSON object and refuses arrays, scalars and repeated members at any depth:
 * two readers of one token must never see two different values (RFC 8725 §2.4, RFC 7519 §4).
 */
export function parseJsonObject(text: string): JsonObject | JsonProblem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "json";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "json";
  return repeatsMember(text) ? "duplicate_member" : (value as JsonObject);
}

const STRING = /"(?:[^"\\]|\\.)*"/y;

/** Walks valid JSON; `open` holds the member names of each open object, `undefined` for an open array. */
function repeatsMember(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") open.push(character === "{" ? new Set() : undefined);
    if (character === "}" || character === "]") open.pop();
    if (character === "{" || character === ",") expectsName = open.at(-1) !== undefined;
    if (character !== '"') continue;
    STRING.lastIndex = at;
    const literal = STRING.exec(text)?.[0] ?? '""';
    at += literal.length - 1;
    if (!expectsName) continue;
    expectsName = false;
    const name = JSON.parse(literal) as string;
    const names = open.at(-1);
    if (names?.has(name)) return true;
    names?.add(name);
  }
  return false;
}
