import { clientRegistrations, clients, initialAccessTokens } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, change, mayRead, type Operation, readerOf } from "../change/actor.ts";
import { clientToChange } from "../clients/client-row.ts";
import { id } from "../input.ts";
import { found, livingRow, locateRow, targetOf } from "../living-row.ts";
import { touchedRegistration } from "./register-client.ts";
import { registrationRow } from "./registration-view.ts";

/** That a client registered itself, and through which token. */
export interface ClientRegistration {
  readonly registeredAt: Date;
  /** When the client lost the right to change its registration. */
  readonly revokedAt: Date | null;
  readonly initialAccessTokenId: string;
  /** Null where it may not be seen. */
  readonly initialAccessTokenName: string | null;
}

/** `undefined` where a client was made by somebody else, and where it may not be seen. */
export async function getClientRegistration(actor: Actor, clientId: string): Promise<ClientRegistration | undefined> {
  const read = readerOf(actor);
  const client = await livingRow(read, clients, clientId);
  if (!client || !mayRead(actor, "client:read", targetOf(client))) return undefined;
  const [row] = await read.tx
    .select({ registration: clientRegistrations, name: initialAccessTokens.name })
    .from(clientRegistrations)
    .innerJoin(
      initialAccessTokens,
      and(
        eq(initialAccessTokens.tenantId, clientRegistrations.tenantId),
        eq(initialAccessTokens.id, clientRegistrations.tokenId),
      ),
    )
    .where(and(eq(clientRegistrations.tenantId, read.tenantId), eq(clientRegistrations.clientId, client.id)));
  if (!row) return undefined;
  const { createdAt: registeredAt, revokedAt, tokenId } = row.registration;
  const isSeen = mayRead(actor, "initial-access-token:read", targetOf(client));
  return {
    registeredAt,
    revokedAt,
    initialAccessTokenId: tokenId,
    initialAccessTokenName: isSeen ? row.name : null,
  };
}

const revokeInput = z.strictObject({ id });

const RevokeClientRegistration: Operation<z.infer<typeof revokeInput>, "client-secret:write"> = {
  mutation: "revokeClientRegistration",
  permission: "client-secret:write",
  input: revokeInput,
  locate: (read, input) => locateRow(read, clients, "client", input.id, ["id"]),
  async run(write, input) {
    const client = await clientToChange(write, input.id, ["id"]);
    const { id: clientId, workspaceId, name } = client;
    const row = found(await registrationRow(write, clientId), "client", clientId, ["id"]);
    const revoked = { ...row, revokedAt: row.revokedAt ?? write.now };
    await write.tx
      .update(clientRegistrations)
      .set({ revokedAt: revoked.revokedAt })
      .where(and(eq(clientRegistrations.tenantId, write.tenantId), eq(clientRegistrations.clientId, clientId)));
    const event = { type: "client.registration-revoked", clientId, name } as const;
    return { id: clientId, event, workspaceId, touched: [touchedRegistration(revoked)] };
  },
};

/**
 * Takes from a client the right to change its registration: its registration access token counts no more. The client
 * stays as it is. Needs client-secret:write.
 */
export const revokeClientRegistration = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeClientRegistration, raw);
