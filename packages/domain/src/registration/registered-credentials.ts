import { clientCertificates, clientKeys, clientSecrets } from "@mintmark/db/schema";
import type { CertificateRegistration, RegisteredCredentials } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { clientCertificate, insertCertificate, named, ofCertificate } from "../credentials/client-certificate.ts";
import { clientKey, insertKey, insertKeySet, isAlike } from "../credentials/client-key.ts";
import { clientSecret, insertGeneratedSecret } from "../credentials/client-secret.ts";
import { endCredential, type NewCredential, touchedCredential } from "../credentials/credential.ts";
import { isLivingAt } from "../credentials/living-credential.ts";
import { type LivingRow, livingRows } from "../living-row.ts";
import { effectiveSettingsAt } from "../settings/settings.ts";

/** The credentials of a registration that work. */
export interface HeldCredentials {
  readonly secrets: readonly LivingRow<typeof clientSecrets>[];
  readonly keys: readonly LivingRow<typeof clientKeys>[];
  readonly certificates: readonly LivingRow<typeof clientCertificates>[];
}

/** Those of the credentials with these ids that work now or will. */
export async function heldCredentials(read: Reader, ids: readonly string[]): Promise<HeldCredentials> {
  const works = (row: { readonly revokedAt: Date | null; readonly expiresAt: Date | null }) =>
    row.revokedAt === null && (row.expiresAt === null || row.expiresAt > read.now);
  return {
    secrets: (await livingRows(read, clientSecrets, ids)).filter(works),
    keys: (await livingRows(read, clientKeys, ids)).filter(works),
    certificates: (await livingRows(read, clientCertificates, ids)).filter(works),
  };
}

/** A client's secrets that work, whoever made them. */
export const workingSecrets = ({ tx, tenantId, now }: Reader, clientId: string) =>
  tx
    .select()
    .from(clientSecrets)
    .where(
      and(eq(clientSecrets.tenantId, tenantId), eq(clientSecrets.clientId, clientId), isLivingAt(clientSecrets, now)),
    );

/** What a registration's credentials have become. */
interface Settled {
  readonly ids: readonly string[];
  readonly touched: readonly Touched[];
  /** Of a secret that was made. */
  readonly secret: string | undefined;
}

/** One credential that is wanted: a row that is it already, or a way to make one. */
interface Wanted {
  readonly fits: (held: HeldCredentials) => { readonly id: string } | undefined;
  readonly make: () => Promise<{ readonly id: string; readonly touched: readonly Touched[]; readonly secret?: string }>;
}

/**
 * Makes a client's credentials those of its registration: what it had of them and no longer names is revoked, what is new
 * is made. Others of the client, which somebody made by hand, are left alone.
 *
 * @param former ids of the credentials that stood in its registration
 * @param secretLifetime days that a secret lives at most; null is as long as the settings allow
 * @throws Refusal
 */
export async function settleCredentials(
  write: Writer,
  client: { readonly id: string; readonly workspaceId: string },
  wanted: RegisteredCredentials,
  { former, secretLifetime }: { readonly former: readonly string[]; readonly secretLifetime: number | null },
): Promise<Settled> {
  const held = await heldCredentials(write, former);
  const all = await wantedOf(write, client, wanted, { held, secretLifetime });
  const kept = all.map(({ fits }) => fits(held)?.id);
  const touched = await endOthers(write, held, new Set(kept));
  const ids: string[] = [];
  let secret: string | undefined;
  for (const [at, one] of all.entries()) {
    const known = kept[at];
    const made = known === undefined ? await one.make() : { id: known, touched: [] };
    ids.push(made.id);
    touched.push(...made.touched);
    secret ??= "secret" in made ? made.secret : undefined;
  }
  return { ids, touched, secret };
}

async function endOthers(write: Writer, held: HeldCredentials, kept: ReadonlySet<string | undefined>) {
  const isOver = ({ id }: { readonly id: string }) => !kept.has(id);
  const touched: Touched[] = [];
  for (const row of held.secrets.filter(isOver)) touched.push(...(await endCredential(write, clientSecret, row)));
  for (const row of held.keys.filter(isOver)) touched.push(...(await endCredential(write, clientKey, row)));
  for (const row of held.certificates.filter(isOver))
    touched.push(...(await endCredential(write, clientCertificate, row)));
  return touched;
}

const DAY_MS = 24 * 3600 * 1000;

async function wantedOf(
  write: Writer,
  { id: clientId, workspaceId }: { readonly id: string; readonly workspaceId: string },
  wanted: RegisteredCredentials,
  { held, secretLifetime }: { readonly held: HeldCredentials; readonly secretLifetime: number | null },
): Promise<readonly Wanted[]> {
  const settings = await effectiveSettingsAt(write.tx, { tenantId: write.tenantId, workspaceId, clientId });
  const within = (...days: readonly (number | null)[]): Pick<NewCredential, "expiresAt"> => {
    const least = Math.min(...days.map((one) => one ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(least) ? { expiresAt: new Date(write.now.getTime() + least * DAY_MS) } : {};
  };
  const base = { clientId, name: "Registered" };
  const key = { ...base, ...within(settings.clientKeyLifetime.value) };
  switch (wanted.kind) {
    case "secret": {
      const secret = { ...base, ...within(secretLifetime, settings.clientSecretLifetime.value) };
      // One that somebody made by hand will do, and stays theirs.
      if (held.secrets.length === 0 && (await workingSecrets(write, clientId)).length > 0) return [];
      return [{ fits: ({ secrets }) => secrets[0], make: () => makeSecret(write, secret) }];
    }
    case "key_set":
      return [
        {
          fits: ({ keys }) => keys.find(({ jwksUri }) => jwksUri === wanted.jwksUri),
          make: async () => madeOf(clientKey, await insertKeySet(write, key, wanted.jwksUri)),
        },
      ];
    case "keys":
      return wanted.keys.map((one) => ({
        fits: ({ keys }) => keys.find(({ kid, publicJwk }) => kid === one.kid && isAlike(publicJwk, one.publicJwk)),
        make: async () => madeOf(clientKey, await insertKey(write, key, one)),
      }));
    case "certificates":
      return wanted.certificates.map((one) => ({
        fits: ({ certificates }) =>
          certificates.find((row) => row.subjectType === one.subjectType && row.subject === one.subject),
        make: async () => madeOf(clientCertificate, await insertCertificate(write, endingWith(key, one), rowOf(one))),
      }));
  }
}

async function makeSecret(write: Writer, input: NewCredential) {
  const { id, touched, secret } = await insertGeneratedSecret(write, input);
  return { id, touched, secret: secret?.["value"] ?? "" };
}

const madeOf = <K extends typeof clientKey | typeof clientCertificate>(
  kind: K,
  row: Parameters<K["of"]>[0] & { readonly id: string },
) => ({ id: row.id, touched: [touchedCredential(kind as never, row as never)] });

const rowOf = ({ subjectType, subject, pem }: CertificateRegistration) =>
  pem === undefined ? named(subjectType, subject) : ofCertificate(pem);

/** It lives no longer than the certificate itself. */
function endingWith(input: NewCredential, { notAfter }: CertificateRegistration): NewCredential {
  const { expiresAt, ...others } = input;
  return expiresAt && (!notAfter || expiresAt < notAfter) ? input : others;
}
