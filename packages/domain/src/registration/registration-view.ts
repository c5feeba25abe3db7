import { clientGrants, clientRegistrations, type clients, resources } from "@mintmark/db/schema";
import type { ClientMetadata, Grants, RegisteredCredentials, Registration } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import type { Reader } from "../change/handle.ts";
import { scopesByGrant } from "../clients/client-grant.ts";
import { isGrantedAt } from "../clients/living-grant.ts";
import type { LivingRow } from "../living-row.ts";
import type { OwnSettings } from "../settings/settings.ts";
import { type HeldCredentials, heldCredentials, workingSecrets } from "./registered-credentials.ts";

export type RegistrationRow = typeof clientRegistrations.$inferSelect;

/** The registration of a client; `undefined`: it did not register itself. */
export async function registrationRow(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  clientId: string,
): Promise<RegistrationRow | undefined> {
  const isIt = and(eq(clientRegistrations.tenantId, tenantId), eq(clientRegistrations.clientId, clientId));
  const [row] = await tx.select().from(clientRegistrations).where(isIt);
  return row;
}

/** A grant of a client, and the id of its row. */
export interface HeldGrant {
  readonly id: string;
  readonly resourceId: string;
  readonly identifier: string;
  readonly scopes: readonly string[];
}

/** What a client is granted directly, by resource. */
export async function heldGrants(read: Reader, clientId: string): Promise<readonly HeldGrant[]> {
  const rows = await read.tx
    .select({ id: clientGrants.id, resourceId: clientGrants.resourceId, identifier: resources.identifier })
    .from(clientGrants)
    .innerJoin(resources, and(eq(resources.tenantId, clientGrants.tenantId), eq(resources.id, clientGrants.resourceId)))
    .where(and(eq(clientGrants.tenantId, read.tenantId), eq(clientGrants.clientId, clientId), isGrantedAt(read.now)));
  const scopes = await scopesByGrant(
    read,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, scopes: scopes.get(row.id) ?? [] }));
}

/** As the protocol has them. */
export const grantsOf = (held: readonly Pick<HeldGrant, "identifier" | "scopes">[]): Grants =>
  new Map(held.filter(({ scopes }) => scopes.length > 0).map((one) => [one.identifier, new Set(one.scopes)]));

/**
 * A registration as it is now, read from the client itself: what an administrator changed shows.
 *
 * @param mayExchange whether the workspace lets clients exchange tokens
 */
export async function readRegistration(
  read: Reader,
  client: LivingRow<typeof clients>,
  row: RegistrationRow,
  mayExchange: boolean,
): Promise<Registration> {
  const settings: OwnSettings = client.settings;
  const held = await heldCredentials(read, row.credentialIds);
  const [method = "client_secret_basic", ...others] = settings.clientAuthenticationMethods ?? [];
  const credentials = credentialsOf(held, method);
  const metadata: ClientMetadata = {
    name: client.name === client.clientId ? undefined : client.name,
    methods: [method, ...others],
    credentials,
    mayExchange: mayExchange && settings.tokenExchange !== "refused",
    grants: grantsOf(await heldGrants(read, client.id)),
    requiresDpop: settings.dpop === "required",
    requiresCertificate: settings.certificateBinding === "required",
  };
  const { clientId, createdAt: issuedAt } = client;
  const ends = credentials.kind === "secret" ? (await workingSecrets(read, client.id)).map((one) => one.expiresAt) : [];
  return { clientId, issuedAt, metadata, ...(ends.length > 0 && { secretExpiresAt: latest(ends) }) };
}

/** `null`: never. */
const latest = (ends: readonly (Date | null)[]): Date | null =>
  ends.includes(null) ? null : new Date(Math.max(...ends.map(Number)));

function credentialsOf(
  { keys, certificates }: HeldCredentials,
  method: ClientMetadata["methods"][0],
): RegisteredCredentials {
  if (method === "client_secret_basic" || method === "client_secret_post") return { kind: "secret" };
  const [uri] = keys.flatMap(({ jwksUri }) => jwksUri ?? []);
  if (uri !== undefined) return { kind: "key_set", jwksUri: uri };
  if (method === "private_key_jwt")
    return {
      kind: "keys",
      keys: keys.map(({ kid, publicJwk }) => ({ kid: kid ?? "", publicJwk: publicJwk as object })),
    };
  return {
    kind: "certificates",
    certificates: certificates.map(({ subjectType, subject, pem }) => ({
      subjectType,
      subject,
      ...(pem !== null && { pem }),
    })),
  };
}
