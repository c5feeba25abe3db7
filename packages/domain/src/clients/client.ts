import { clients } from "@mintmark/db/schema";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, mayRead, type Operation, readerOf } from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { description, id, name } from "../input.ts";
import { livingRows, locateRow, targetOf } from "../living-row.ts";
import { refuseLastOwner } from "../people/last-owner.ts";
import {
  type Client,
  type ClientRow,
  clientOf,
  clientSaid,
  clientToChange,
  isClient,
  touchedClient,
  updateClientRow,
} from "./client-row.ts";

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
  event: { type, ...clientSaid(row) },
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
  run: async (write, input) => done("client.disabled", await stopClient(write, input.id)),
};

/** Disables a client inside a change. @throws Refusal */
export async function stopClient(write: Writer, clientId: string): Promise<ClientRow> {
  const { id, kind } = await clientToChange(write, clientId, ["id"]);
  if (kind === "admin") await refuseLastOwner(write, { clientId: id });
  return updateClientRow(write, id, { status: "disabled" });
}

const EnableClient: Operation<IdInput, "client:write"> = {
  mutation: "enableClient",
  permission: "client:write",
  input: idInput,
  locate,
  run: async (write, input) => done("client.enabled", await resumeClient(write, input.id)),
};

/** Enables a client inside a change. @throws Refusal */
export async function resumeClient(write: Writer, clientId: string): Promise<ClientRow> {
  const { id } = await clientToChange(write, clientId, ["id"]);
  return updateClientRow(write, id, { status: "active" });
}

const DeleteClient: Operation<IdInput, "client:write"> = {
  mutation: "deleteClient",
  permission: "client:write",
  input: idInput,
  locate,
  run: (write, input) => removeClient(write, input.id),
};

/** Deletes a client inside a change. @throws Refusal */
export async function removeClient(write: Writer, clientId: string): Promise<Changed> {
  const client = await clientToChange(write, clientId, ["id"]);
  const { id, workspaceId, kind } = client;
  // A client has roles of its own workspace, and `owner` is one of the admin workspace.
  if (kind === "admin") await refuseLastOwner(write, { clientId: id });
  // Credentials, grants and assignments go with it; for history, the client's end is theirs.
  await write.tx.delete(clients).where(isClient(write, id));
  const event = { type: "client.deleted", ...clientSaid(client) } as const;
  return { id, event, workspaceId, touched: [{ kind: "client", id, workspaceId, clientId: id, body: null }] };
}

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
