import { clientGrantScopes, clientGrants, clientKeys, clientSecrets, clients } from "@mintmark/db/schema";
import { type RecipientKey, sealTo } from "@mintmark/token-issuer";
import { sql } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Installation, Writer } from "../change/handle.ts";
import { grantOf } from "../clients/client-grant.ts";
import { type ClientRow, touchedClient } from "../clients/client-row.ts";
import { clientKey, ofKey, ofKeySet } from "../credentials/client-key.ts";
import { touchedSecret } from "../credentials/client-secret-row.ts";
import { touchedCredential } from "../credentials/credential.ts";
import { newClientSecretValue } from "../credentials/secret-value.ts";
import { newId } from "../id.ts";
import { updatedSettings } from "../settings/settings.ts";
import type { PlannedClient } from "./import-plan.ts";
import type { ImportRow, RowClient } from "./import-row.ts";

/** A secret that nobody has seen: its digest for the database, itself only sealed. */
interface SealedSecret {
  readonly hint: string;
  readonly digest: Buffer;
  readonly pepperVersion: number;
  readonly sealed: string;
}

/** A line with what is drawn for its client before any transaction: sealing takes time. */
export interface PreparedRow {
  readonly row: ImportRow;
  /** The client's own id. */
  readonly id: string;
  readonly secret: SealedSecret | undefined;
}

/** A line with its decision. */
export interface Chosen {
  readonly prepared: PreparedRow;
  readonly planned: PlannedClient;
}

export interface MadeClient {
  readonly row: ClientRow;
  readonly sealedSecret: string | null;
}

/** Draws an id and, where there is whom to seal it to and no key is brought, a secret. */
export function prepareRow(
  { keyring }: Pick<Installation, "keyring">,
  row: ImportRow,
  recipient: RecipientKey | undefined,
): PreparedRow {
  const id = newId("client");
  const { client } = row;
  const isKeyless = client && client.publicKey === undefined && client.jwksUri === undefined;
  return { row, id, secret: recipient && isKeyless ? sealedSecret(keyring, client, id, recipient) : undefined };
}

function sealedSecret(
  keyring: Installation["keyring"],
  { clientId }: RowClient,
  id: string,
  recipient: RecipientKey,
): SealedSecret {
  const { value, hint } = newClientSecretValue();
  const pepperVersion = keyring.currentPepperVersion;
  // Together: a secret that was moved to another line would say whose it is.
  const sealed = sealTo(recipient, { client_id: clientId ?? id, client_secret: value });
  return { hint, digest: keyring.digest(value, pepperVersion), pepperVersion, sealed };
}

/** Clients, grants and credentials, a statement a table. A client whose `client_id` was taken this moment is left out. */
export async function insertClients(
  write: Writer,
  { workspaceId }: { readonly workspaceId: string },
  chosen: readonly Chosen[],
): Promise<{ readonly clients: ReadonlyMap<PreparedRow, MadeClient>; readonly touched: readonly Touched[] }> {
  if (chosen.length === 0) return { clients: new Map(), touched: [] };
  const { tx, tenantId, now } = write;
  const place = { tenantId, workspaceId };
  const cutOff = sql`date_trunc('second', clock_timestamp()) + interval '2 seconds'`;
  const rows = await tx
    .insert(clients)
    .values(
      chosen.map(({ prepared: { id }, planned: { client } }) => ({
        ...place,
        id,
        clientId: client.clientId ?? id,
        name: client.name,
        description: client.description ?? "",
        settings: { ...updatedSettings({}, { accessTokenLifetime: client.accessTokenLifetime }) },
        // A brought id may have belonged to a client deleted this second, whose tokens must not come alive.
        tokensNotBefore: client.clientId === undefined ? null : cutOff,
        createdAt: now,
      })),
    )
    .onConflictDoNothing({ target: [clients.tenantId, clients.workspaceId, clients.clientId] })
    .returning();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const there = chosen.filter(({ prepared: { id } }) => byId.has(id));
  const granted = await insertGrants(write, place, there);
  const credentials = await insertCredentials(write, place, there);
  const made = there.map(({ prepared }): readonly [PreparedRow, MadeClient] => [
    prepared,
    { row: byId.get(prepared.id) as ClientRow, sealedSecret: prepared.secret?.sealed ?? null },
  ]);
  return { clients: new Map(made), touched: [...rows.map(touchedClient), ...granted, ...credentials] };
}

interface Place {
  readonly tenantId: string;
  readonly workspaceId: string;
}

async function insertGrants({ tx, now }: Writer, place: Place, chosen: readonly Chosen[]): Promise<readonly Touched[]> {
  const grants = chosen.flatMap(({ prepared, planned }) =>
    planned.grants.map(({ resourceId, scopes }) => ({
      row: { ...place, id: newId("clientGrant"), clientId: prepared.id, resourceId, expiresAt: null, createdAt: now },
      scopes,
    })),
  );
  if (grants.length === 0) return [];
  const { tenantId, workspaceId } = place;
  const rows = grants.map(({ row }) => ({ id: row.id, client: row.clientId, resource: row.resourceId }));
  const scopes = grants.flatMap(({ row, scopes }) =>
    scopes.map((scope) => ({ resource: row.resourceId, grant: row.id, scope: scope.id })),
  );
  // All rows as one parameter: thousands of them would take longer to be put together than to be written.
  await tx.execute(sql`
    insert into ${clientGrants} (tenant_id, workspace_id, id, client_id, resource_id, created_at)
    select ${tenantId}, ${workspaceId}, t.id, t.client, t.resource, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as t (id text, client text, resource text)`);
  await tx.execute(sql`
    insert into ${clientGrantScopes} (tenant_id, workspace_id, resource_id, grant_id, scope_id)
    select ${tenantId}, ${workspaceId}, t.resource, t."grant", t.scope
    from jsonb_to_recordset(${JSON.stringify(scopes)}::text::jsonb) as t (resource text, "grant" text, scope text)`);
  return grants.map(({ row, scopes }) => {
    const { tenantId: _, ...grant } = row;
    const names = scopes.map(({ name }) => name);
    const { id, workspaceId, clientId } = grant;
    return { kind: "clientGrant", id, workspaceId, clientId, body: { ...grantOf(grant, names) } };
  });
}

async function insertCredentials(
  { tx, now }: Writer,
  place: Place,
  chosen: readonly Chosen[],
): Promise<readonly Touched[]> {
  const common = ({ prepared, planned }: Chosen) => ({
    ...place,
    clientId: prepared.id,
    createdAt: now,
    name: "",
    notBefore: now,
    expiresAt: planned.expiresAt,
  });
  const secrets = chosen.flatMap((one) => {
    const { secret } = one.prepared;
    if (one.planned.credential.kind !== "secret" || !secret) return [];
    const { hint, digest, pepperVersion } = secret;
    return [{ ...common(one), id: newId("clientSecret"), hint, digest, pepperVersion, isImported: false }];
  });
  const keys = chosen.flatMap((one) => {
    const { credential } = one.planned;
    if (credential.kind === "secret") return [];
    const key = credential.kind === "key" ? ofKey(credential.key) : ofKeySet(credential.jwksUri);
    return [{ ...common(one), id: newId("clientKey"), ...key }];
  });
  const madeSecrets = secrets.length > 0 ? await tx.insert(clientSecrets).values(secrets).returning() : [];
  const madeKeys = keys.length > 0 ? await tx.insert(clientKeys).values(keys).returning() : [];
  return [...madeSecrets.map(touchedSecret), ...madeKeys.map((row) => touchedCredential(clientKey, row))];
}
