import { clients, resourceServers, resources } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { holds } from "../authority/principal.ts";
import { type Actor, type Answer, type Changed, change, mayRead, type Operation, readerOf } from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { type Client, clientOf } from "../clients/client-row.ts";
import { id } from "../input.ts";
import { found, type LivingRow, livingRow, locateRow, naming, targetOf } from "../living-row.ts";
import { editableResource } from "./resource.ts";

const input = z.strictObject({ resourceId: id, clientId: id });
type Input = z.infer<typeof input>;

const locate = (read: Reader, { resourceId }: Input) =>
  locateRow(read, resources, "resource", resourceId, ["resourceId"]);

/** Both, of one workspace and visible. Mintmark's own APIs check their tokens themselves: nobody else looks into those. */
async function bothOf(write: Writer, { resourceId, clientId }: Input) {
  const resource = await editableResource(write, resourceId, ["resourceId"]);
  const client = await livingRow(write, clients, clientId);
  const isThere = client?.workspaceId === resource.workspaceId;
  const isSeen = isThere && holds(write.principal, "client:read", targetOf(resource));
  return { resource, client: found(isSeen ? client : undefined, "client", clientId, ["clientId"]) };
}

const changed = (
  type: "resource-server.added" | "resource-server.removed",
  resource: LivingRow<typeof resources>,
  clientId: string,
  body: Readonly<Record<string, unknown>> | null,
): Changed => {
  const { id: resourceId, workspaceId } = resource;
  const touched = [{ kind: "resourceServer", id: `${resourceId}:${clientId}`, workspaceId, body }];
  return { id: resourceId, event: { type, resourceId, clientId }, workspaceId, touched };
};

const AddResourceServer: Operation<Input, "resource:write"> = {
  mutation: "addResourceServer",
  permission: "resource:write",
  input,
  locate,
  async run(write, input) {
    const { resource, client } = await bothOf(write, input);
    const { tenantId, workspaceId, id: resourceId } = resource;
    const row = { workspaceId, resourceId, clientId: client.id, createdAt: write.now };
    const gone = { code: "NOT_FOUND", noun: "client", id: client.id, path: ["clientId"] } as const;
    const insert = write.tx.insert(resourceServers).values({ tenantId, ...row });
    await naming({ resource_servers_client: gone }, insert.onConflictDoNothing());
    return changed("resource-server.added", resource, client.id, row);
  },
};

const RemoveResourceServer: Operation<Input, "resource:write"> = {
  mutation: "removeResourceServer",
  permission: "resource:write",
  input,
  locate,
  async run(write, input) {
    const { resource, client } = await bothOf(write, input);
    const isIt = and(
      eq(resourceServers.tenantId, write.tenantId),
      eq(resourceServers.resourceId, resource.id),
      eq(resourceServers.clientId, client.id),
    );
    await write.tx.delete(resourceServers).where(isIt);
    return changed("resource-server.removed", resource, client.id, null);
  },
};

/** Lets a client introspect tokens for a resource. The answer's id is the resource's. Doing it twice changes nothing. */
export const addResourceServer = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, AddResourceServer, raw);
/** Takes that back. The answer's id is the resource's. */
export const removeResourceServer = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RemoveResourceServer, raw);

/** The clients that may introspect tokens for a resource, by name; empty where they may not be seen. */
export async function listResourceServers(actor: Actor, resourceId: string): Promise<readonly Client[]> {
  const read = readerOf(actor);
  const resource = await livingRow(read, resources, resourceId);
  if (!resource) return [];
  const target = targetOf(resource);
  if (!mayRead(actor, "resource:read", target) || !mayRead(actor, "client:read", target)) return [];
  const rows = await read.tx
    .select({ client: clients })
    .from(resourceServers)
    .innerJoin(clients, and(eq(clients.tenantId, resourceServers.tenantId), eq(clients.id, resourceServers.clientId)))
    .where(and(eq(resourceServers.tenantId, read.tenantId), eq(resourceServers.resourceId, resourceId)))
    .orderBy(asc(clients.name), asc(clients.id));
  return rows.map(({ client }) => clientOf(client));
}
