import { history } from "@mintmark/db/schema";
import { and, eq, or, type SQL } from "drizzle-orm";
import type { Permission, WorkspaceTarget } from "../authority/permission.ts";
import { livingWorkspace } from "../living-row.ts";
import { type Actor, mayRead, readerOf } from "./actor.ts";
import type { AuditEntry } from "./audit-log.ts";
import { shardOf } from "./change-feed.ts";
import type { Reader } from "./handle.ts";

type Body = Readonly<Record<string, unknown>>;

/** What one act did to one thing, as history keeps it: whole before and after, digests left out. */
export interface AuditChange {
  /** `client`, `clientGrant`, `resource` … */
  readonly kind: string;
  readonly id: string;
  /** Null where the act made it. */
  readonly before: Body | null;
  /** Null where the act removed it. */
  readonly after: Body | null;
}

/** What must be held to see a thing's versions; kinds that are not named here are not shown. */
const readsOf: Readonly<Partial<Record<string, Permission>>> = {
  workspace: "workspace:read",
  signingKey: "workspace:read",
  resource: "resource:read",
  scope: "resource:read",
  resourceServer: "client:read",
  role: "role:read",
  assignment: "role:read",
  client: "client:read",
  clientGrant: "client:read",
  clientSecret: "client-secret:read",
  secretRotation: "client-secret:read",
  clientKey: "client-secret:read",
  clientCertificate: "client-secret:read",
  clientAuthority: "settings:read",
  clientRegistration: "client:read",
  import: "client:read",
  initialAccessToken: "initial-access-token:read",
  federatedCredential: "client-secret:read",
  apiToken: "api-token:read",
  ssoProvider: "sso-provider:read",
  webhook: "settings:read",
};

/** A creation of a tenant touches everything in it, a part of an import 500 clients; any other act, at most 200 scopes and their resource. */
const MOST_THINGS = 250;

type Version = typeof history.$inferSelect;

/** The versions that one change wrote. */
async function versionsAfter({ tx, tenantId }: Reader, feedNumber: number): Promise<readonly Version[]> {
  const byChange = and(
    eq(history.tenantId, tenantId),
    eq(history.shard, shardOf(tenantId)),
    eq(history.feedNumber, feedNumber),
  );
  return tx.select().from(history).where(byChange).orderBy(history.kind, history.id).limit(MOST_THINGS);
}

/** The version before each of those; a deleted thing's last version has a body of null. */
async function versionsBefore({ tx, tenantId }: Reader, after: readonly Version[]): Promise<Map<string, Body | null>> {
  const isBefore = (version: Version): SQL | undefined =>
    version.version === 1
      ? undefined
      : and(eq(history.kind, version.kind), eq(history.id, version.id), eq(history.version, version.version - 1));
  const wanted = after.map(isBefore).filter((condition) => condition !== undefined);
  if (wanted.length === 0) return new Map();
  const rows = await tx
    .select({ kind: history.kind, id: history.id, body: history.body })
    .from(history)
    .where(and(eq(history.tenantId, tenantId), or(...wanted)));
  return new Map(rows.map(({ kind, id, body }) => [`${kind} ${id}`, body ?? null]));
}

/**
 * What an act changed, thing by thing; empty for a refused act, for one that configured nothing, and for what the
 * actor may not see.
 */
export async function changesOf(actor: Actor, entry: AuditEntry): Promise<readonly AuditChange[]> {
  if (entry.feedNumber === null) return [];
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, entry.workspaceId);
  if (!workspace || !mayRead(actor, "audit:read", workspace)) return [];
  const seen = (await versionsAfter(read, entry.feedNumber)).filter((version) => isSeen(actor, workspace, version));
  const before = await versionsBefore(read, seen);
  return seen.map(({ kind, id, body }) => ({
    kind,
    id,
    before: before.get(`${kind} ${id}`) ?? null,
    after: body ?? null,
  }));
}

/** A thing of the entry's own workspace whose kind the actor may read there. */
function isSeen(actor: Actor, workspace: WorkspaceTarget, { kind, workspaceId }: Version): boolean {
  const permission = readsOf[kind];
  const isHere = workspaceId === workspace.workspaceId;
  return isHere && permission !== undefined && mayRead(actor, permission, workspace as never);
}
