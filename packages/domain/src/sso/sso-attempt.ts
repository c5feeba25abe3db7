import { createHash, createHmac, randomBytes } from "node:crypto";
import { ssoAttempts, ssoProviders, tenants } from "@mintmark/db/schema";
import { and, eq, gt } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { nounOf } from "../id.ts";
import { redirectUriOf, type SsoProviderRow, ssoSecretPlace } from "./sso-provider-row.ts";

/** How long somebody may take at their provider, in milliseconds. */
export const ATTEMPT_MS = 10 * 60_000;

/** A provider with what is needed to ask it. */
export interface OpenedProvider {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
}

/** What ties a question to a provider to its answer. All of it comes from two random values: one travels, one stays in the browser. */
export interface AttemptSecrets {
  /** Travels through the provider. */
  readonly state: string;
  /** Stays in a cookie of the browser that began. */
  readonly browser: string;
  /** Comes back in the ID token. */
  readonly nonce: string;
  /** Comes along when the code is exchanged (RFC 7636). */
  readonly codeVerifier: string;
}

const random = () => randomBytes(32).toString("base64url");
const digest = (value: string): Buffer => createHash("sha256").update(value).digest();

/** The secrets of one attempt. Pure: nothing of it rests on the server. */
export function secretsOf(state: string, browser: string): AttemptSecrets {
  const drawn = (purpose: string) => createHmac("sha256", browser).update(`${purpose} ${state}`).digest("base64url");
  return { state, browser, nonce: drawn("nonce"), codeVerifier: drawn("code verifier") };
}

const opened = (installation: Installation, row: SsoProviderRow): OpenedProvider => ({
  tenantId: row.tenantId,
  id: row.id,
  name: row.name,
  issuer: row.issuer,
  clientId: row.clientId,
  clientSecret: installation.keyring.open(row.wrappedSecret, ssoSecretPlace(row.tenantId, row.id)).toString(),
  scopes: row.scopes,
  redirectUri: redirectUriOf(installation, row.id),
});

/** A provider that people can sign in with now. */
export async function findOpenProvider(
  installation: Installation,
  providerId: string,
): Promise<OpenedProvider | undefined> {
  if (nounOf(providerId) !== "ssoProvider") return undefined;
  const [found] = await installation.database
    .select({ row: ssoProviders })
    .from(ssoProviders)
    .innerJoin(tenants, eq(tenants.id, ssoProviders.tenantId))
    .where(and(eq(ssoProviders.id, providerId), eq(ssoProviders.isActive, true), eq(tenants.status, "active")));
  return found && opened(installation, found.row);
}

/**
 * Notes that somebody goes to a provider.
 *
 * @param sessionId whose person proves again who they are; left out: somebody signs in
 */
export async function beginAttempt(
  { database, now }: Installation,
  { tenantId, id: providerId }: Pick<OpenedProvider, "tenantId" | "id">,
  sessionId?: string,
): Promise<AttemptSecrets> {
  const secrets = secretsOf(random(), random());
  const createdAt = now();
  await database.insert(ssoAttempts).values({
    tenantId,
    providerId,
    stateDigest: digest(secrets.state),
    browserDigest: digest(secrets.browser),
    sessionId: sessionId ?? null,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + ATTEMPT_MS),
  });
  return secrets;
}

/** An attempt that has come back. */
export interface TakenAttempt {
  readonly secrets: AttemptSecrets;
  readonly sessionId: string | null;
  readonly beganAt: Date;
}

/**
 * Takes an attempt, once: only at the provider that it went to, and only from the browser that began it.
 *
 * @returns `undefined` where there is none such
 */
export async function takeAttempt(
  { database, now }: Installation,
  { tenantId, id: providerId }: Pick<OpenedProvider, "tenantId" | "id">,
  { state, browser }: Pick<AttemptSecrets, "state" | "browser">,
): Promise<TakenAttempt | undefined> {
  const [taken] = await database
    .delete(ssoAttempts)
    .where(
      and(
        eq(ssoAttempts.tenantId, tenantId),
        eq(ssoAttempts.providerId, providerId),
        eq(ssoAttempts.stateDigest, digest(state)),
        eq(ssoAttempts.browserDigest, digest(browser)),
        gt(ssoAttempts.expiresAt, now()),
      ),
    )
    .returning();
  return taken && { secrets: secretsOf(state, browser), sessionId: taken.sessionId, beganAt: taken.createdAt };
}
