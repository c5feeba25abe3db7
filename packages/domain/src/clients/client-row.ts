import { clients } from "@mintmark/db/schema";
import { and, eq, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { refuseStrongerClient } from "../authority/escalation.ts";
import { refuse } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { found, type LivingRow, livingRow } from "../living-row.ts";

/** A caller of APIs: an application's backend, a job, a device. */
export interface Client {
  readonly id: string;
  readonly workspaceId: string;
  /** What it sends as `client_id`: its id, or one it brought along. */
  readonly clientId: string;
  readonly name: string;
  readonly description: string;
  readonly type: "service";
  readonly status: "active" | "disabled";
  /** Only what is approved holds credentials and gets tokens. */
  readonly approval: "approved" | "waiting" | "refused";
  readonly refusalReason: string | null;
  /** Tokens issued before this instant are dead. */
  readonly tokensNotBefore: Date | null;
  /** The member whose power bounds it, where it is their own; the id stays when they are removed. */
  readonly ownerMemberId: string | null;
  readonly createdAt: Date;
}

export type ClientRow = typeof clients.$inferSelect;

/** A client's own members, of a row that has more. */
export const clientOf = (row: Client): Client => ({
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId,
  name: row.name,
  description: row.description,
  type: row.type,
  status: row.status,
  approval: row.approval,
  refusalReason: row.refusalReason,
  tokensNotBefore: row.tokensNotBefore,
  ownerMemberId: row.ownerMemberId,
  createdAt: row.createdAt,
});

/** What history keeps of a client; of a member's own without its words, which are that person's: history does not forget. */
export const touchedClient = ({ tenantId, name, description, ...body }: ClientRow): Touched => ({
  kind: "client",
  id: body.id,
  workspaceId: body.workspaceId,
  clientId: body.id,
  body: body.ownerMemberId === null ? { ...body, name, description } : body,
});

/** How the audit log names a client: by its id alone where it is a member's own, as history does. */
export const clientSaid = ({ id, name, ownerMemberId }: Pick<ClientRow, "id" | "name" | "ownerMemberId">) => ({
  clientId: id,
  ...(ownerMemberId === null && { name }),
});

export const isClient = (write: Writer, id: string) => and(eq(clients.tenantId, write.tenantId), eq(clients.id, id));

/**
 * The client, locked, for a change of it, of its credentials or of its tokens: whoever changes it could act as it.
 *
 * @throws Refusal NOT_FOUND, MORE_THAN_HELD
 */
export async function clientToChange(
  write: Writer,
  clientId: string,
  path: readonly string[],
): Promise<LivingRow<typeof clients>> {
  const client = found(await livingRow(write, clients, clientId, "lock"), "client", clientId, path);
  await refuseStrongerClient(write, client);
  return client;
}

/**
 * A member's own client gets nothing from anybody else: with a credential of it they would act in that member's place.
 *
 * @throws Refusal PROTECTED
 */
export function refuseOwned({ ownerMemberId }: Pick<Client, "ownerMemberId">): void {
  if (ownerMemberId === null) return;
  refuse({
    code: "PROTECTED",
    noun: "client",
    what: "This client is a member's own: only they generate its secret, and it may what they may.",
    mend: "Use a client of the tenant, or have the member generate another one in their account.",
  });
}

/** Writes a client's new values, as its next version. */
export async function updateClientRow(
  write: Writer,
  id: string,
  values: PgUpdateSetSource<typeof clients>,
): Promise<ClientRow> {
  const [row] = await write.tx
    .update(clients)
    .set({ ...values, version: sql`${clients.version} + 1` })
    .where(isClient(write, id))
    .returning();
  return found(row, "client", id, ["id"]);
}
