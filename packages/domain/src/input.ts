import { type core, type ZodType, z } from "zod";
import { type Failure, Refusal } from "./failure.ts";

/** Control, bidirectional and zero-width characters: they make one name look like another, or break a log line. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u;

/** Letters and marks without a shape of their own (Hangul fillers, joiners): "a name" of them would look empty. */
const SHAPELESS = /\p{Default_Ignorable_Code_Point}/u;

/** Somebody's text as it can be kept and shown: what nobody sees in it is marked, and it is cut to a name's length. */
export const shown = (text: string): string =>
  text.slice(0, 100).toWellFormed().replaceAll(new RegExp(UNSEEN, "gu"), "\ufffd");

/** A name that people read: 1-100 characters after trimming, nothing invisible. */
export const name = z
  .string()
  .transform((text) => text.normalize("NFC").trim())
  .pipe(
    z
      .string()
      .min(1, "A name has at least one character.")
      .max(100, "A name has at most 100 characters.")
      .refine(
        (text) => !UNSEEN.test(text) && !SHAPELESS.test(text),
        "A name has no control, bidirectional or zero-width characters.",
      ),
  );

/** Free text of at most 1,000 characters; line breaks are allowed. */
export const description = z
  .string()
  .max(1000, "A description has at most 1,000 characters.")
  .refine(
    (text) => !UNSEEN.test(text.replaceAll("\n", "")),
    "A description has no control, bidirectional or zero-width characters.",
  );

/** Slugs of tenants and workspaces: they stand in every issuer and never change. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    "A slug has 1-63 characters of a-z, 0-9 and -, and starts with a letter or digit.",
  );

/** A row's id, opaque to its caller: anything that is no id of ours is simply not found. */
export const id = z
  .string()
  .max(64, "An id has at most 64 characters.")
  .regex(/^[\x20-\x7E]*$/, "An id has printable ASCII characters only.");

/** A signing key's RFC 7638 thumbprint. */
export const kid = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "A kid has 43 characters of A-Z, a-z, 0-9, - and _.");

/** A token's `jti`, opaque to its caller. */
export const tokenId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "A token's id has at most 64 characters of A-Z, a-z, 0-9, - and _.");

/** The last instant whose year has four digits: later ones are written in a form that the database does not read. */
const END_OF_9999 = 253_402_300_799_999;

/** An instant from 1970 to 9999, as ISO 8601 with a zone. A day that no calendar has is refused, not moved. */
export const instant = z.iso
  .datetime({ offset: true, error: "An instant is written like 2027-01-31T12:00:00Z." })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= 0 && at.getTime() <= END_OF_9999, "An instant lies between 1970 and 9999.");

/** An instant in the future, as ISO 8601 with a zone; `null` is "never". */
export const futureInstant = instant.refine((at) => at.getTime() > Date.now(), "This instant is in the past.");

const mutationId = z
  .string()
  .min(1, "A clientMutationId has at least one character.")
  .max(128, "A clientMutationId has at most 128 characters.")
  .refine((text) => !UNSEEN.test(text), "A clientMutationId has no control or invisible characters.");
const mutationKey = z.object({ clientMutationId: mutationId.optional() });

function asFailure(issue: core.$ZodIssue): Failure {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return {
      code: "INVALID_INPUT",
      path: [...path, issue.keys[0] ?? ""],
      problem: `There is no input member ${issue.keys.map((key) => key.slice(0, 64)).join(", ")}.`,
      mend: "Leave it out.",
    };
  return { code: "INVALID_INPUT", path, problem: issue.message, mend: "Correct this member and send the call again." };
}

/**
 * Parses a mutation's input, with its `clientMutationId` beside it.
 *
 * @throws Refusal with one INVALID_INPUT per problem, each with its path
 */
export function parseInput<Input>(
  schema: ZodType<Input>,
  raw: unknown,
): { readonly input: Input; readonly clientMutationId: string | undefined } {
  const { clientMutationId, ...members } = (raw ?? {}) as Record<string, unknown>;
  const key = mutationKey.safeParse({ clientMutationId: clientMutationId ?? undefined });
  const input = schema.safeParse(members);
  const issues = [...(key.error?.issues ?? []), ...(input.error?.issues ?? [])].map(asFailure);
  const [first, ...others] = issues;
  if (first) throw new Refusal(first, ...others);
  return { input: input.data as Input, clientMutationId: key.data?.clientMutationId };
}
