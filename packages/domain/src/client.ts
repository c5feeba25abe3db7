import { clients } from "@mintmark/db/schema";
import { and, eq, ilike, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, mayRead, type Operation, readerOf, refuse } from "./actor.ts";
import {
  type Client,
  type ClientRow,
  clientOf,
  clientToChange,
  isClient,
  touchedClient,
  updateClientRow,
} from "./client-row.ts";
import type { Reader, Writer } from "./handle.ts";
import { newId } from "./id.ts";
import { description, id, name } from "./input.ts";
import { refuseLastOwner } from "./last-owner.ts";
import { livingRow, livingRows, livingWorkspace, locateRow, naming, targetOf } from "./living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "./paging.ts";
import { locateWorkspace } from "./workspace-row.ts";

/** RFC 6749 appendix A.1: `client-id = *VSCHAR`. */
const importedClientId = z
  .string()
  .min(1, "A client id has at least one character.")
  .max(255, "A client id has at most 255 characters.")
  .regex(/^[\x20-\x7E]*$/, "A client id has printable ASCII characters only (RFC 6749, appendix A.1).")
  .refine(
    (text) => text.trim() === text,
    "A client id does not begin or end with a space: in a header it would read like the id without it.",
  );

const createInput = z.strictObject({
  workspaceId: id,
  name,
  description: description.nullish(),
  clientId: importedClientId.nullish(),
});

async function insertClient(write: Writer, input: z.infer<typeof createInput>): Promise<Changed> {
  const { tx, tenantId, now } = write;
  const { workspaceId, name } = input;
  const own = newId("client");
  const clientId = input.clientId ?? own;
  const exists = { code: "ALREADY_EXISTS", noun: "client", path: ["clientId"], value: clientId } as const;
  // Neither may one client's brought id be another one's own: each names one client in every record.
  if (input.clientId && (await livingRow(write, clients, input.clientId))?.workspaceId === workspaceId) refuse(exists);
  // A brought id may have belonged to a client deleted this second, whose tokens must not come alive.
  const tokensNotBefore = input.clientId ? sql`date_trunc('second', clock_timestamp()) + interval '2 seconds'` : null;
  const words = { name, description: input.description ?? "" };
  const [row] = await naming(
    { clients_client_id: exists },
    tx
      .insert(clients)
      .values({ tenantId, workspaceId, id: own, clientId, ...words, tokensNotBefore, createdAt: now })
      .returning(),
  );
  if (!row) throw new Error("an inserted client was not returned");
  return {
    id: own,
    event: { type: "client.created", clientId: own, name },
    workspaceId,
    touched: [touchedClient(row)],
  };
}

const CreateClient: Operation<z.infer<typeof createInput>, "client:write"> = {
  mutation: "createClient",
  permission: "client:write",
  input: createInput,
  locate: (read, input) => locateWorkspace(read, input.workspaceId, ["workspaceId"]),
  run: insertClient,
};

const locate = (read: Reader, input: { readonly id: string }) => locateRow(read, clients, "client", input.id, ["id"]);

const updateInput = z.strictObject({ id, name: name.nullish(), description: description.nullish() });

const UpdateClient: Operation<z.infer<typeof updateInput>, "client:write"> = {
  mutation: "updateClient",
  permission: "client:write",
  input: updateInput,
  locate,
  async run(write, input) {
    const before = await clientToChange(write, input.id, ["id"]);
    const words = { name: input.name ?? before.name, description: input.description ?? before.description };
    return done("client.updated", await updateClientRow(write, before.id, words));
  },
};

const done = (type: "client.updated" | "client.disabled" | "client.enabled", row: ClientRow): Changed => ({
  id: row.id,
  event: { type, clientId: row.id, name: row.name },
  workspaceId: row.workspaceId,
  touched: [touchedClient(row)],
});

const idInput = z.strictObject({ id });
type IdInput = z.infer<typeof idInput>;

const DisableClient: Operation<IdInput, "client:write"> = {
  mutation: "disableClient",
  permission: "client:write",
  input: idInput,
  locate,
  async run(write, input) {
    const client = await clientToChange(write, input.id, ["id"]);
    await refuseLastOwner(write, { clientId: client.id });
    return done("client.disabled", await updateClientRow(write, client.id, { status: "disabled" }));
  },
};

const EnableClient: Operation<IdInput, "client:write"> = {
  mutation: "enableClient",
  permission: "client:write",
  input: idInput,
  locate,
  async run(write, input) {
    const client = await clientToChange(write, input.id, ["id"]);
    return done("client.enabled", await updateClientRow(write, client.id, { status: "active" }));
  },
};

const DeleteClient: Operation<IdInput, "client:write"> = {
  mutation: "deleteClient",
  permission: "client:write",
  input: idInput,
  locate,
  async run(write, input) {
    const { id, name, workspaceId } = await clientToChange(write, input.id, ["id"]);
    await refuseLastOwner(write, { clientId: id });
    // Credentials, grants and assignments go with it; for history, the client's end is theirs.
    await write.tx.delete(clients).where(isClient(write, id));
    const event = { type: "client.deleted", clientId: id, name } as const;
    return { id, event, workspaceId, touched: [{ kind: "client", id, workspaceId, body: null }] };
  },
};

/** Creates a client without any access; it may bring its `client_id` along. Needs client:write on the workspace. */
export const createClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateClient, raw);
/** Changes a client's name or description. */
export const updateClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateClient, raw);
/** Stops a client: it gets no token, and its tokens are inactive for those who introspect. */
export const disableClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DisableClient, raw);
/** Lets a stopped client go on. */
export const enableClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, EnableClient, raw);
/** Deletes a client with its credentials and access. */
export const deleteClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteClient, raw);
/** Each client that is there and may be seen, in the order of the ids. */
export async function getClients(actor: Actor, ids: readonly string[]): Promise<readonly (Client | undefined)[]> {
  const rows = await livingRows(readerOf(actor), clients, ids);
  const visible = rows.filter((row) => mayRead(actor, "client:read", targetOf(row)));
  const byId = new Map(visible.map((row) => [row.id, clientOf(row)]));
  return ids.map((id) => byId.get(id));
}

export async function getClient(actor: Actor, id: string): Promise<Client | undefined> {
  const [client] = await getClients(actor, [id]);
  return client;
}

/** Part of a name, or of what the client sends, or its id. */
function matches(search: string): SQL | undefined {
  const text = search.replaceAll("\0", "").slice(0, 255);
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(ilike(clients.name, pattern), ilike(clients.clientId, pattern), eq(clients.id, text));
}

/** A workspace's clients, newest first; empty where they may not be seen. */
export async function listClients(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  filter: { readonly search?: string | undefined } = {},
): Promise<Page<Client>> {
  const cut = newestFirst(clients, page);
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "client:read", workspace)) return emptyPage;
  const inWorkspace = and(eq(clients.tenantId, read.tenantId), eq(clients.workspaceId, workspaceId));
  const rows = await read.tx
    .select()
    .from(clients)
    .where(and(inWorkspace, cut.after, filter.search ? matches(filter.search) : undefined))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(rows.map(clientOf), cut);
}
