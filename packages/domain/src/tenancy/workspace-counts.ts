import { apiTokens, clients, resources } from "@mintmark/db/schema";
import { and, asc, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Permission, WorkspaceTarget } from "../authority/permission.ts";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import type { Credential } from "../credentials/credential.ts";
import { everyCredential, loadCredentials } from "../credentials/credentials.ts";
import { isLivingAt } from "../credentials/living-credential.ts";
import { livingWorkspace } from "../living-row.ts";

/** Credentials that work now, and of those the ones that end within `EXPIRING_DAYS`. */
interface CredentialCounts {
  readonly active: number;
  readonly expiring: number;
}

/** How much a workspace holds, each counted when it is asked for; null where the actor may not see such things. */
export interface WorkspaceCounts {
  readonly resources: () => Promise<number | null>;
  readonly clients: () => Promise<number | null>;
  /** API tokens of clients that work now. */
  readonly apiTokens: () => Promise<number | null>;
  /** Counted once, however often it is asked for. */
  readonly credentials: () => Promise<CredentialCounts | null>;
}

/** How long before its end a credential wants attention, in days. */
export const EXPIRING_DAYS = 14;
const EXPIRING_MS = EXPIRING_DAYS * 24 * 3600 * 1000;
const MOST_EXPIRING = 10;

type InWorkspace = PgTable & { tenantId: PgColumn; workspaceId: PgColumn };

const inWorkspace = (read: Reader, table: InWorkspace, workspaceId: string) =>
  and(eq(table.tenantId, read.tenantId), eq(table.workspaceId, workspaceId));

/** What a workspace holds: nothing is counted that nobody asks for. */
export async function workspaceCounts(actor: Actor, workspaceId: string): Promise<WorkspaceCounts> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  const may = (permission: Permission) => workspace !== undefined && mayRead(actor, permission, workspace as never);
  const count = async (permission: Permission, table: InWorkspace) =>
    may(permission) ? read.tx.$count(table, inWorkspace(read, table, workspaceId)) : null;
  let counted: Promise<CredentialCounts | null> | undefined;
  return {
    resources: () => count("resource:read", resources),
    clients: () => count("client:read", clients),
    apiTokens: async () => (may("api-token:read") ? countApiTokens(read, workspaceId) : null),
    credentials: () => {
      counted ??= may("client-secret:read") ? countCredentials(read, workspaceId) : Promise.resolve(null);
      return counted;
    },
  };
}

const countApiTokens = (read: Reader, workspaceId: string): Promise<number> =>
  read.tx.$count(
    apiTokens,
    and(inWorkspace(read, apiTokens, workspaceId), isNotNull(apiTokens.clientId), isLivingAt(apiTokens, read.now)),
  );

async function countCredentials(read: Reader, workspaceId: string): Promise<CredentialCounts> {
  const soon = new Date(read.now.getTime() + EXPIRING_MS).toISOString();
  const all = everyCredential(read);
  const [row] = await read.tx
    .select({
      active: sql<number>`count(*)::int`,
      expiring: sql<number>`(count(*) filter (where ${all.expiresAt} < ${soon}::timestamptz))::int`,
    })
    .from(all)
    .where(and(eq(all.tenantId, read.tenantId), eq(all.workspaceId, workspaceId), isLivingAt(all, read.now)));
  return row ?? { active: 0, expiring: 0 };
}

/**
 * At most ten credentials, not revoked, that end within `EXPIRING_DAYS` or ended as recently: the earliest end first.
 * Empty where they may not be seen.
 */
export async function listExpiringCredentials(actor: Actor, workspaceId: string): Promise<readonly Credential[]> {
  const read = readerOf(actor);
  const workspace: WorkspaceTarget | undefined = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "client-secret:read", workspace)) return [];
  const [from, to] = [-EXPIRING_MS, EXPIRING_MS].map((span) => new Date(read.now.getTime() + span)) as [Date, Date];
  const all = everyCredential(read);
  const rows = await read.tx
    .select({ id: all.id })
    .from(all)
    .where(
      and(
        eq(all.tenantId, read.tenantId),
        eq(all.workspaceId, workspaceId),
        isNull(all.revokedAt),
        gt(all.expiresAt, from),
        lt(all.expiresAt, to),
      ),
    )
    .orderBy(asc(all.expiresAt), asc(all.id))
    .limit(MOST_EXPIRING);
  return loadCredentials(
    read,
    rows.map(({ id }) => id),
  );
}
