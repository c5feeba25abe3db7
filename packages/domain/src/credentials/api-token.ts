import { apiTokens, clients } from "@mintmark/db/schema";
import { and, eq, isNotNull, type SQL } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
  refuseWithoutStepUp,
} from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { clientToChange } from "../clients/client-row.ts";
import { futureInstant, id, name } from "../input.ts";
import { found, livingRow, livingWorkspace, targetOf } from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { effectiveSettingsAt } from "../settings/settings.ts";
import { powerOf, tokenPermissions } from "./api-token-permissions.ts";
import { type ApiToken, isOfClient, livingApiToken, touchedApiToken, withPermissions } from "./api-token-row.ts";
import { refuseEnd } from "./static-token-end.ts";

const locateToken = async (read: Reader, { id }: { readonly id: string }) => {
  const row = found(await livingApiToken(read, id), "apiToken", id, ["id"]);
  return { target: targetOf(row), row: { noun: "apiToken", id, path: ["id"] } } as const;
};

/** The token, locked, with its client. @throws Refusal NOT_FOUND, MORE_THAN_HELD */
async function tokenToChange(write: Writer, tokenId: string) {
  const row = found(await livingApiToken(write, tokenId, "lock"), "apiToken", tokenId, ["id"]);
  return { row, client: await clientToChange(write, row.clientId, ["id"]) };
}

/** Writes a token's new values. @returns it as it is now */
async function updateRow(write: Writer, tokenId: string, values: Partial<typeof apiTokens.$inferInsert>) {
  const isRow = and(eq(apiTokens.tenantId, write.tenantId), eq(apiTokens.id, tokenId));
  const [row] = await write.tx.update(apiTokens).set(values).where(isRow).returning();
  const [token] = isOfClient(row) ? await withPermissions(write, [row]) : [];
  return found(token, "apiToken", tokenId, ["id"]);
}

/** What a change of one token gives back. */
const changedToken = (type: "api-token.updated" | "api-token.revoked", token: ApiToken) => {
  const { id: tokenId, clientId, workspaceId, name, hint } = token;
  return {
    id: tokenId,
    event: { type, clientId, tokenId, name, hint },
    workspaceId,
    touched: [touchedApiToken(token)],
  } as const;
};

const updateInput = z.strictObject({
  id,
  name: name.nullish(),
  expiresAt: futureInstant.nullish(),
  permissions: tokenPermissions.nullish(),
});

const UpdateApiToken: Operation<z.infer<typeof updateInput>, "api-token:write"> = {
  mutation: "updateApiToken",
  permission: "api-token:write",
  input: updateInput,
  locate: locateToken,
  async run(write, input) {
    const { row, client } = await tokenToChange(write, input.id);
    if (client.kind !== "custom") refuseWithoutStepUp(write);
    if (row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= write.now))
      refuse({
        code: "PROTECTED",
        noun: "apiToken",
        what: "This token is over: what has ended does not come back.",
        mend: "Create another one.",
      });
    const { tenantId, workspaceId, id: clientId } = client;
    if (input.expiresAt !== undefined)
      refuseEnd(
        await effectiveSettingsAt(write.tx, { tenantId, workspaceId, clientId }),
        row.createdAt,
        input.expiresAt,
      );
    const token = await updateRow(write, row.id, {
      name: input.name ?? row.name,
      ...(input.expiresAt !== undefined && { expiresAt: input.expiresAt }),
      ...(input.permissions && (await powerOf(write, client, input.permissions))),
    });
    return changedToken("api-token.updated", token);
  },
};

const revokeInput = z.strictObject({ id });

const RevokeApiToken: Operation<z.infer<typeof revokeInput>, "api-token:write"> = {
  mutation: "revokeApiToken",
  permission: "api-token:write",
  input: revokeInput,
  locate: locateToken,
  async run(write, input) {
    const { row } = await tokenToChange(write, input.id);
    return changedToken("api-token.revoked", await updateRow(write, row.id, { revokedAt: row.revokedAt ?? write.now }));
  },
};

/** Changes a token's name, end or permissions; a member that is left out stays. Never its value. Needs api-token:write. */
export const updateApiToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateApiToken, raw);
/** Stops one token, at once and for good. Revoking twice changes nothing. Needs api-token:write. */
export const revokeApiToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeApiToken, raw);

/** `undefined` where it may not be seen. */
export async function getApiToken(actor: Actor, tokenId: string): Promise<ApiToken | undefined> {
  const read = readerOf(actor);
  const row = await livingApiToken(read, tokenId);
  if (!row || !mayRead(actor, "api-token:read", targetOf(row))) return undefined;
  const [token] = await withPermissions(read, [row]);
  return token;
}

/** API tokens, newest first, with those that are over. */
async function listOf(read: Reader, isListed: SQL | undefined, page: PageRequest): Promise<Page<ApiToken>> {
  const cut = newestFirst(apiTokens, page);
  const rows = await read.tx
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.tenantId, read.tenantId), isListed, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(await withPermissions(read, rows.filter(isOfClient)), cut);
}

/** A client's API tokens; empty where they may not be seen. */
export async function listClientApiTokens(actor: Actor, clientId: string, page: PageRequest): Promise<Page<ApiToken>> {
  const read = readerOf(actor);
  const client = await livingRow(read, clients, clientId);
  if (!client || !mayRead(actor, "api-token:read", targetOf(client))) return emptyPage;
  return listOf(read, eq(apiTokens.clientId, clientId), page);
}

/** A workspace's API tokens; empty where they may not be seen. */
export async function listApiTokens(actor: Actor, workspaceId: string, page: PageRequest): Promise<Page<ApiToken>> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "api-token:read", workspace)) return emptyPage;
  return listOf(read, and(eq(apiTokens.workspaceId, workspaceId), isNotNull(apiTokens.clientId)), page);
}
