import { clients } from "@mintmark/db/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { id } from "../input.ts";
import { locateRow } from "../living-row.ts";
import { clientToChange, touchedClient, updateClientRow } from "./client-row.ts";

/**
 * Sets the client's cut-off: tokens with `iat` before floor(database now) + 2 s are dead. Two seconds, because another
 * replica may still sign in the current one; the client's next token waits until then.
 */
export async function cutOffTokens(
  write: Writer,
  clientId: string,
): Promise<{ readonly notBefore: Date; readonly touched: Touched }> {
  const cutOff = sql`date_trunc('second', clock_timestamp()) + interval '2 seconds'`;
  const row = await updateClientRow(write, clientId, {
    tokensNotBefore: sql`greatest(${clients.tokensNotBefore}, ${cutOff})`,
    cutOffs: sql`${clients.cutOffs} + 1`,
  });
  if (!row.tokensNotBefore) throw new Error("a cut-off was not stored");
  const { tokensNotBefore: notBefore } = row;
  return { notBefore, touched: { ...touchedClient(row), notBefore } };
}

const input = z.strictObject({ id });

const RevokeClientTokens: Operation<z.infer<typeof input>, "token:revoke"> = {
  mutation: "revokeClientTokens",
  permission: "token:revoke",
  input,
  locate: (read, { id }) => locateRow(read, clients, "client", id, ["id"]),
  run: (write, input) => revokeTokensOf(write, input.id),
};

/** Takes back a client's tokens inside a change. @throws Refusal NOT_FOUND, MORE_THAN_HELD */
export async function revokeTokensOf(write: Writer, clientId: string): Promise<Changed> {
  const { id, workspaceId } = await clientToChange(write, clientId, ["id"]);
  const { notBefore, touched } = await cutOffTokens(write, id);
  const event = { type: "client.tokens-revoked", clientId: id, notBefore: notBefore.toISOString() } as const;
  return { id, event, workspaceId, touched: [touched] };
}

/** Takes back all tokens that a client has so far. Needs token:revoke. */
export const revokeClientTokens = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeClientTokens, raw);
