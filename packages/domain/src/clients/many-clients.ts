import { clients } from "@mintmark/db/schema";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { type Failure, Refusal } from "../failure.ts";
import { id } from "../input.ts";
import { livingRows } from "../living-row.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import { removeClient, resumeClient, stopClient } from "./client.ts";
import { touchedClient } from "./client-row.ts";

const input = z.strictObject({
  workspaceId: id,
  ids: z
    .array(id)
    .min(1, "Name at least one client.")
    .max(200, "At most 200 clients at once.")
    .refine((ids) => new Set(ids).size === ids.length, "Name each client once."),
});
type Input = z.infer<typeof input>;

/** What is done to one of them. @throws Refusal */
type Act = (write: Writer, clientId: string) => Promise<readonly Touched[]>;

/** The failure of one of them, said of its id. */
const saidOf = (failure: Failure, at: number): Failure => ({ ...failure, path: ["ids", String(at)] }) as Failure;

/**
 * Does it to each: all of them or, with every reason, none. In the order of their ids, so that of two calls one waits for
 * the other, and neither for both.
 */
async function toEach(write: Writer, { workspaceId, ids }: Input, act: Act): Promise<readonly Touched[]> {
  const there = (await livingRows(write, clients, ids)).filter((row) => row.workspaceId === workspaceId);
  const known = new Set(there.map((row) => row.id));
  const failures = new Map<number, Failure>();
  const touched: Touched[] = [];
  for (const clientId of ids.toSorted()) {
    const at = ids.indexOf(clientId);
    if (!known.has(clientId)) {
      failures.set(at, saidOf({ code: "NOT_FOUND", noun: "client", id: clientId, path: [] }, at));
      continue;
    }
    try {
      touched.push(...(await act(write, clientId)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const [failure] = error.failures;
      if (failure) failures.set(at, saidOf(failure, at));
    }
  }
  const [first, ...others] = [...failures].toSorted(([a], [b]) => a - b).map(([, failure]) => failure);
  if (first) throw new Refusal(first, ...others);
  return touched;
}

const several = (
  mutation: string,
  type: "clients.disabled" | "clients.enabled" | "clients.deleted",
  act: Act,
): ((actor: Actor, raw: unknown) => Promise<Answer>) => {
  const operation: Operation<Input, "client:write"> = {
    mutation,
    permission: "client:write",
    input,
    locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
    async run(write, wanted) {
      const touched = await toEach(write, wanted, act);
      const { workspaceId, ids } = wanted;
      return { id: workspaceId, event: { type, clientIds: ids }, workspaceId, touched };
    },
  };
  return (actor, raw) => change(actor, operation, raw);
};

/** Stops at most 200 clients of a workspace: all or none. The answer's id is the workspace's. Needs client:write. */
export const disableClients = several("disableClients", "clients.disabled", async (write, clientId) => [
  touchedClient(await stopClient(write, clientId)),
]);
/** Lets at most 200 stopped clients of a workspace go on: all or none. */
export const enableClients = several("enableClients", "clients.enabled", async (write, clientId) => [
  touchedClient(await resumeClient(write, clientId)),
]);
/** Deletes at most 200 clients of a workspace with their credentials and access: all or none. */
export const deleteClients = several("deleteClients", "clients.deleted", async (write, clientId) => {
  const { touched } = await removeClient(write, clientId);
  return touched;
});
