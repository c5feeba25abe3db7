import { clients } from "@mintmark/db/schema";
import type { ClientAuthenticationMethod } from "@mintmark/token-issuer";
import { and, count, desc, eq, max, type SQL, sql } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { type Client, clientOf } from "../clients/client-row.ts";
import { type CredentialNoun, everyCredential } from "../credentials/credentials.ts";
import { isLivingAt } from "../credentials/living-credential.ts";
import { waysOf } from "../credentials/ways.ts";
import { idPrefixes } from "../id.ts";
import { livingWorkspace } from "../living-row.ts";
import { effectiveSettings, ownSettingsByLevel } from "./settings.ts";

/** A client that could not authenticate any more, and when one of its credentials was used last. */
export interface LockedOutClient {
  readonly client: Client;
  readonly lastUsedAt: Date | null;
}

/** Those whom a ceiling would lock out: how many, and the ones that were used last. */
export interface LockedOut {
  readonly count: number;
  readonly clients: readonly LockedOutClient[];
}

const MOST_NAMED = 20;

/**
 * The active clients of a workspace that can authenticate now, and could not if the workspace allowed these methods only:
 * none of their living credentials is good for one of them. `undefined` where clients or their credentials may not be seen.
 */
export async function clientsLockedOutBy(
  actor: Actor,
  workspaceId: string,
  methods: readonly ClientAuthenticationMethod[],
): Promise<LockedOut | undefined> {
  const read = readerOf(actor);
  const { tx, tenantId, now } = read;
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "client:read", workspace) || !mayRead(actor, "client-secret:read", workspace))
    return undefined;
  const byLevel = await ownSettingsByLevel(tx, { tenantId, workspaceId });
  const allowed = effectiveSettings(byLevel).clientAuthenticationMethods.value;
  const narrowed = { ...byLevel, workspace: { ...byLevel.workspace, clientAuthenticationMethods: methods } };
  const left = effectiveSettings(narrowed).clientAuthenticationMethods.value;

  const all = everyCredential(read);
  const canUse = (among: readonly ClientAuthenticationMethod[]) => sql<boolean>`bool_or(${usable(all.id, among)})`;
  const hit = tx
    .select({ id: clients.id, lastUsedAt: max(all.lastUsedAt).as("last_used_at") })
    .from(clients)
    .innerJoin(all, and(eq(all.tenantId, clients.tenantId), eq(all.clientId, clients.id)))
    .where(
      and(
        eq(clients.tenantId, tenantId),
        eq(clients.workspaceId, workspaceId),
        eq(clients.status, "active"),
        isLivingAt(all, now),
      ),
    )
    .groupBy(clients.tenantId, clients.id)
    .having(sql`${canUse(allowed)} and not ${canUse(left)}`)
    .as("hit");
  const [counted] = await tx.select({ count: count() }).from(hit);
  const rows = await tx
    .select({ client: clients, lastUsedAt: hit.lastUsedAt })
    .from(hit)
    .innerJoin(clients, and(eq(clients.tenantId, tenantId), eq(clients.id, hit.id)))
    .orderBy(sql`${hit.lastUsedAt} desc nulls last`, desc(clients.id))
    .limit(MOST_NAMED);
  return {
    count: counted?.count ?? 0,
    clients: rows.map(({ client, lastUsedAt }) => ({ client: clientOf(client), lastUsedAt })),
  };
}

/** A condition: a credential of that id is good for one of these methods, by what its client allows itself. */
function usable(id: SQL | Parameters<typeof eq>[0], among: readonly ClientAuthenticationMethod[]): SQL {
  const own = sql`${clients.settings} -> 'clientAuthenticationMethods'`;
  const kinds = (Object.entries(waysOf) as [CredentialNoun, readonly ClientAuthenticationMethod[]][]).flatMap(
    ([noun, ways]) => {
      const good = ways.filter((way) => among.includes(way));
      if (good.length === 0) return [];
      const list = sql.join(
        good.map((way) => sql`${way}`),
        sql`, `,
      );
      return [
        sql`(starts_with(${id}, ${`${idPrefixes[noun]}_`}) and (${own} is null or ${own} ?| array[${list}]::text[]))`,
      ];
    },
  );
  return kinds.length === 0 ? sql`false` : sql`(${sql.join(kinds, sql` or `)})`;
}
