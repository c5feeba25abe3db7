import { federatedCredentials, workspaces } from "@mintmark/db/schema";
import { type ForeignKey, readKeySet } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { id, UNSEEN } from "../input.ts";
import {
  type Credential,
  type CredentialKind,
  credentialOf,
  gets,
  insertCredential,
  locateClient,
  madeCredential,
  newCredential,
  revokes,
} from "./credential.ts";
import { httpsAddress } from "./https-address.ts";

/** Trust in a platform's JWT about a client's workload (RFC 7523 §2.2). Nothing of it is secret. */
export interface FederatedCredential extends Credential {
  /** Its `iss`, byte for byte. */
  readonly issuer: string;
  /** Its sole `aud`. */
  readonly audience: string;
  /** Claim, or JSON Pointer to it, → the value that it must have. */
  readonly claims: Readonly<Record<string, string>>;
  /** Keys that were given; null: those that the issuer publishes. */
  readonly keys: readonly ForeignKey[] | null;
}

const MOST_CREDENTIALS = 10;

export const federatedCredential: CredentialKind<typeof federatedCredentials.$inferSelect, FederatedCredential> = {
  noun: "federatedCredential",
  table: federatedCredentials,
  word: "federated credential",
  of: (row) => ({
    ...credentialOf(row),
    issuer: row.issuer,
    audience: row.audience,
    claims: row.claims,
    keys: row.jwks as readonly ForeignKey[] | null,
  }),
  lifetime: "clientKeyLifetime",
  limit: () => ({ limit: MOST_CREDENTIALS }),
  revokedEvent: (row, tokens) => ({
    type: "federated-credential.revoked",
    clientId: row.clientId,
    credentialId: row.id,
    issuer: row.issuer,
    ...tokens,
  }),
};

/**
 * Claims whose value a platform never gives to anybody else, so that `sub`, which holds names, may be left out beside one
 * of them: GitHub's, GitLab's and Kubernetes' own ids.
 */
const IMMUTABLE: ReadonlySet<string> = new Set([
  "repository_id",
  "repository_owner_id",
  "enterprise_id",
  "project_id",
  "namespace_id",
  "/kubernetes.io/serviceaccount/uid",
]);
/** Judged for every token. */
const JUDGED = ["iss", "aud", "exp", "nbf", "iat", "jti"];

/** What a whole list needs is said once each of its texts is one: so the first complaint ends it. */
const text = (most: number, what: string) =>
  z
    .string()
    .min(1, { error: `${what} has at least one character.`, abort: true })
    .max(most, { error: `${what} has at most ${most} characters.`, abort: true })
    .refine((value) => value.trim() === value, { error: `${what} neither begins nor ends with a space.`, abort: true })
    .refine((value) => !UNSEEN.test(value), {
      error: `${what} has no control, bidirectional or zero-width characters.`,
      abort: true,
    });

const claims = z
  .array(
    z.strictObject({
      name: text(100, "A claim's name").refine(
        (name) => !JUDGED.includes(name),
        "iss, aud and the times are judged for every token: leave them out here.",
      ),
      value: text(512, "A claim's value"),
    }),
  )
  .min(1, {
    error: "At least one claim says which workload is meant: without one every workload of the platform would be.",
    abort: true,
  })
  .max(10, "At most 10 claims.")
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "Name each claim once.")
  .refine(
    (all) => !all.some(({ name, value }) => name === "sub" && value.includes("*")),
    "There are no wildcards. Leave sub out, and name an id that never changes: repository_id, project_id or the like.",
  )
  .refine(
    (all) => all.some(({ name }) => name === "sub" || IMMUTABLE.has(name)),
    `Name sub, or an id that never changes and is nobody else's: ${[...IMMUTABLE].join(", ")}.`,
  );

const SPIFFE = /^spiffe:\/\/[a-z0-9._-]{1,255}$/;
const issuer = z
  .string()
  .max(512, "An issuer has at most 512 characters.")
  .refine(
    (value) => SPIFFE.test(value) || (httpsAddress.safeParse(value).success && !value.includes("?")),
    "An issuer is an https address without query, such as https://token.actions.githubusercontent.com, or spiffe:// with a trust domain.",
  );

const createInput = z.strictObject({
  clientId: id,
  issuer,
  audience: text(512, "An audience").nullish(),
  claims,
  jwks: z.string().max(100_000, "A JWK Set is shorter than 100,000 characters.").nullish(),
  ...newCredential,
});

const CreateFederatedCredential: Operation<z.infer<typeof createInput>, "client-secret:write"> = {
  mutation: "createFederatedCredential",
  permission: "client-secret:write",
  input: createInput,
  locate: locateClient,
  async run(write, input) {
    const wanted = Object.fromEntries(input.claims.map(({ name, value }) => [name, value]));
    const made = await insertCredential(write, federatedCredential, input, async ({ workspaceId }, living) => {
      const audience = input.audience ?? (await issuerOf(write, workspaceId));
      const isAlike = (other: { readonly issuer: string; readonly audience: string; readonly claims: object }) =>
        other.issuer === input.issuer && other.audience === audience && sorted(other.claims) === sorted(wanted);
      if (living.some(isAlike))
        refuse({ code: "ALREADY_EXISTS", noun: "federatedCredential", path: ["claims"], value: `for ${input.issuer}` });
      const jwks = await keysOf(input.issuer, input.jwks ?? null);
      return { hint: hintOf(wanted), issuer: input.issuer, audience, claims: wanted, jwks };
    });
    const { id: credentialId, clientId } = made;
    const event = { type: "federated-credential.created", clientId, credentialId, issuer: made.issuer } as const;
    return madeCredential(federatedCredential, made, event);
  },
};

const sorted = (claims: object) => JSON.stringify(Object.entries(claims).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** What its owner recognises it by. */
const hintOf = (claims: Readonly<Record<string, string>>): string => claims["sub"] ?? Object.values(claims)[0] ?? "";

async function issuerOf({ tx, tenantId }: Writer, workspaceId: string): Promise<string> {
  const isIt = and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, workspaceId));
  const [row] = await tx.select({ issuer: workspaces.issuer }).from(workspaces).where(isIt);
  return row?.issuer ?? "";
}

const wrongKeys = (problem: string, mend: string) => refuse({ code: "INVALID_INPUT", path: ["jwks"], problem, mend });

/** The keys of a JWK Set that was given. A SPIFFE trust domain publishes none that could be found. */
async function keysOf(issuer: string, jwks: string | null): Promise<readonly ForeignKey[] | null> {
  if (jwks === null && SPIFFE.test(issuer))
    return wrongKeys("The keys of a SPIFFE trust domain cannot be looked up.", "Paste its bundle as a JWK Set.");
  if (jwks === null) return null;
  const set = parse(jwks);
  const given = (set as { readonly keys?: unknown } | undefined)?.keys;
  if (!Array.isArray(given)) return wrongKeys("This is no JWK Set.", 'Paste JSON of the form {"keys": [ … ]}.');
  if (given.some((key) => typeof key === "object" && key !== null && ("d" in key || "k" in key)))
    return wrongKeys("This holds a private key, which must not leave its owner.", "Paste the public keys alone.");
  const keys = await readKeySet({ keys: given });
  if (keys.length > 0) return keys;
  return wrongKeys(
    "This holds no key that can be used here.",
    "Give P-256 (ES256), Ed25519 (EdDSA) or RSA (PS256, RS256) keys for signatures.",
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Trusts a platform's JWT about a client's workload. Needs client-secret:write. */
export const createFederatedCredential = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateFederatedCredential, raw);
export const revokeFederatedCredential = revokes("revokeFederatedCredential", federatedCredential);
export const getFederatedCredential = gets(federatedCredential);
