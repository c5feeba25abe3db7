import { type CustomClaimProblem, type CustomClaims, customClaimProblem } from "@mintmark/token-issuer";
import { z } from "zod";
import { Refusal } from "../failure.ts";

/** Bytes that all custom claims of a token may have, as JSON: with them it stays below 2 KiB, RSA signature included. */
const MOST_BYTES = 640;
const MOST_CLAIMS = 20;

const problems: { readonly [P in CustomClaimProblem]: readonly [member: "name" | "value", message: string] } = {
  reserved: ["name", "This claim has a meaning of its own in tokens, and is set by the issuer alone."],
  name: [
    "name",
    "A claim is named by a word of A-Z, a-z, 0-9, _ and - without dots, or by a URI like https://acme.example/team.",
  ],
  member: [
    "value",
    "The value has a member that may not be there: __proto__, constructor, prototype or nothing at all.",
  ],
  depth: ["value", "The value is nested deeper than four levels."],
  number: ["value", "This number cannot be written as JSON."],
  text: ["value", "The value has a character that cannot be kept: NUL, or half of a pair of surrogates."],
  secret: ["value", "This looks like a credential: everybody who sees the token would have it."],
};

const named = z.strictObject({
  name: z.string(),
  value: z.string().max(2000, "A claim's value has at most 2,000 characters."),
});

/** `undefined` where the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Custom claims as they are given, each value as JSON text; none is the same as nothing said. */
export const customClaims = z
  .array(named)
  .max(MOST_CLAIMS, `At most ${MOST_CLAIMS} claims.`)
  .transform((given, context) => {
    const claims = new Map<string, unknown>();
    const complain = (at: number, member: "name" | "value", message: string) =>
      context.issues.push({ code: "custom", input: given, path: [at, member], message });
    for (const [at, { name, value: text }] of given.entries()) {
      const value = parsed(text);
      const problem = customClaimProblem(name, value ?? null);
      if (value === undefined) complain(at, "value", 'A value is JSON: "eu", 3, true or ["a", "b"].');
      else if (claims.has(name)) complain(at, "name", "Name each claim once.");
      else if (problem) complain(at, ...problems[problem]);
      claims.set(name, value);
    }
    return claims.size === 0 ? null : (Object.fromEntries(claims) as CustomClaims);
  })
  .nullish();

/** Refuses claims that would fill the token. @throws Refusal INVALID_INPUT */
export function refuseLargeClaims(all: CustomClaims): void {
  const bytes = Buffer.byteLength(JSON.stringify(all));
  if (bytes <= MOST_BYTES) return;
  throw new Refusal({
    code: "INVALID_INPUT",
    path: ["customClaims"],
    problem: `The claims of workspace and client together have ${bytes} bytes as JSON; ${MOST_BYTES} fit into a token.`,
    mend: "Shorten them, or let the API look up what it needs by the client id.",
  });
}
