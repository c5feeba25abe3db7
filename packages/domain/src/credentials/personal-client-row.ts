import type { Transaction } from "@mintmark/db";
import { clientGrantScopes, clientGrants, clientSecrets, clients, scopes, workspaces } from "@mintmark/db/schema";
import { and, desc, eq, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { ownApiIdentifier } from "../authority/own-api.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader } from "../change/handle.ts";
import { touchedClient } from "../clients/client-row.ts";
import { nounOf } from "../id.ts";
import { touchedSecret } from "./client-secret-row.ts";

/** A client id and a secret that act as far as their person may. The secret was shown once and is nowhere. */
export interface PersonalClient {
  /** Of the client, `cli_…`: what it sends as `client_id` too. */
  readonly id: string;
  readonly memberId: string;
  readonly name: string;
  /** The last four of its secret. */
  readonly hint: string;
  readonly createdAt: Date;
  /** The secret's; null is "never". */
  readonly expiresAt: Date | null;
  /** When its secret was revoked. */
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
  /** It may do everything that the member may, as that stands at each use; otherwise `scopes`, as far as still held. */
  readonly followsPower: boolean;
  /** Names of permissions, sorted. */
  readonly scopes: readonly string[];
  /** Where it asks for tokens, and for which API. */
  readonly tokenEndpoint: string;
  readonly resource: string;
}

/** A condition: of that client's secrets the one that was made last. */
const isNewestSecret = sql`${clientSecrets.id} = (select s.id from ${clientSecrets} s
  where s.tenant_id = ${clients.tenantId} and s.client_id = ${clients.id} order by s.created_at desc, s.id desc limit 1)`;

/** A person's own clients by that condition, newest first. */
export async function personalClients(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  isMeant: SQL | undefined,
  { orderBy = [desc(clients.createdAt)], limit = 100 }: { readonly orderBy?: SQL[]; readonly limit?: number } = {},
): Promise<readonly PersonalClient[]> {
  const rows = await tx
    .select({ client: clients, secret: clientSecrets, issuer: workspaces.issuer })
    .from(clients)
    .innerJoin(clientSecrets, and(eq(clientSecrets.tenantId, clients.tenantId), isNewestSecret))
    .innerJoin(workspaces, and(eq(workspaces.tenantId, clients.tenantId), eq(workspaces.id, clients.workspaceId)))
    .where(and(eq(clients.tenantId, tenantId), isMeant))
    .orderBy(...orderBy)
    .limit(limit);
  const chosen = await chosenScopes(
    { tx, tenantId },
    rows.map(({ client }) => client.id),
  );
  return rows.map(({ client, secret, issuer }) => ({
    id: client.id,
    memberId: client.ownerMemberId ?? "",
    name: client.name,
    hint: secret.hint,
    createdAt: client.createdAt,
    expiresAt: secret.expiresAt,
    revokedAt: secret.revokedAt,
    lastUsedAt: secret.lastUsedAt,
    lastUsedAddress: secret.lastUsedAddress,
    followsPower: client.followsOwner,
    scopes: chosen.get(client.id) ?? [],
    tokenEndpoint: `${issuer}/oauth2/token`,
    resource: ownApiIdentifier(issuer),
  }));
}

/** A condition: that person's own client with that id; another one's is not there. */
export const isOwnClient = (memberId: string, id: string): SQL | undefined =>
  nounOf(id) === "client" ? and(eq(clients.id, id), eq(clients.ownerMemberId, memberId)) : sql`false`;

/** What each of those clients was narrowed to. */
async function chosenScopes(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ clientId: clientGrants.clientId, name: scopes.name })
    .from(clientGrants)
    .innerJoin(
      clientGrantScopes,
      and(eq(clientGrantScopes.tenantId, clientGrants.tenantId), eq(clientGrantScopes.grantId, clientGrants.id)),
    )
    .innerJoin(scopes, and(eq(scopes.tenantId, clientGrantScopes.tenantId), eq(scopes.id, clientGrantScopes.scopeId)))
    .where(and(eq(clientGrants.tenantId, tenantId), inArray(clientGrants.clientId, [...ids])));
  const byClient = Map.groupBy(rows, ({ clientId }) => clientId);
  return new Map([...byClient].map(([id, all]) => [id, all.map(({ name }) => name).sort()]));
}

/** A condition: a client that is some member's own and could get a token, now or once it is enabled. */
export const isUnended = sql`(${clients.status} = 'active' or exists (select from ${clientSecrets}
  where ${clientSecrets.tenantId} = ${clients.tenantId} and ${clientSecrets.clientId} = ${clients.id}
    and ${clientSecrets.revokedAt} is null))`;

/**
 * Ends those clients: they get no token, and those that they got are dead. For good: whoever enables one finds no secret that
 * works, and no token from before.
 *
 * @param successorId the member whose own they become; absent: they stay whose they are
 * @returns their ids, and what history keeps of each
 */
export async function endPersonalClients(
  { tx, tenantId, now }: { readonly tx: Transaction; readonly tenantId: string; readonly now: Date },
  isMeant: SQL | undefined,
  successorId?: string,
): Promise<{ readonly ids: readonly string[]; readonly touched: readonly Touched[] }> {
  const ended = await tx
    .update(clients)
    .set({
      status: "disabled",
      tokensNotBefore: sql`date_trunc('second', clock_timestamp()) + interval '2 seconds'`,
      cutOffs: sql`${clients.cutOffs} + 1`,
      ...(successorId !== undefined && { ownerMemberId: successorId }),
      version: sql`${clients.version} + 1`,
    })
    .where(and(eq(clients.tenantId, tenantId), isNotNull(clients.ownerMemberId), isMeant))
    .returning();
  const ids = ended.map(({ id }) => id);
  if (ids.length === 0) return { ids, touched: [] };
  const isTheirs = and(eq(clientSecrets.tenantId, tenantId), inArray(clientSecrets.clientId, ids));
  const revoked = await tx
    .update(clientSecrets)
    .set({ revokedAt: now })
    .where(and(isTheirs, isNull(clientSecrets.revokedAt)))
    .returning();
  const stopped = ended.map((row) => ({
    ...touchedClient(row),
    ...(row.tokensNotBefore && { notBefore: row.tokensNotBefore }),
  }));
  const touched = [...stopped, ...revoked.map(touchedSecret)];
  return { ids, touched };
}
