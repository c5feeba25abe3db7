import { initialAccessTokenScopes, initialAccessTokens, resources, scopes } from "@mintmark/db/schema";
import { and, eq, gt, inArray, isNull, or } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
import type { WorkspaceTarget } from "../authority/permission.ts";
import { holds } from "../authority/principal.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
} from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { grantedScopes } from "../clients/client-grant.ts";
import { newId } from "../id.ts";
import { futureInstant, id, name } from "../input.ts";
import { found, livingRow, livingRows, livingWorkspace, locateRow, naming, targetOf } from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { authenticationMethods } from "../settings/settings.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import {
  type CeilingGrant,
  ceilingsOf,
  type InitialAccessToken,
  type TokenRow,
  tokenOf,
  touchedToken,
} from "./initial-access-token-row.ts";
import { newRegistrationToken } from "./registration-token.ts";

/** Tokens of one workspace that may be used at once. */
const MOST_TOKENS = 100;

const usesMessage = "A token registers 1 to 10,000 clients.";
const daysMessage = "A secret lives 1 to 3,650 days.";

const createInput = z.strictObject({
  workspaceId: id,
  name,
  expiresAt: futureInstant.nullish(),
  uses: z.int(usesMessage).min(1, usesMessage).max(10_000, usesMessage),
  methods: authenticationMethods
    .refine((all) => !all.includes("federated_jwt"), "Federated credentials cannot be registered: leave them out.")
    .nullish(),
  clientSecretLifetime: z.int(daysMessage).min(1, daysMessage).max(3650, daysMessage).nullish(),
  ceiling: z
    .array(z.strictObject({ resourceId: id, scopes: grantedScopes }))
    .max(50, "At most 50 resources.")
    .refine(
      (all) => new Set(all.map((grant) => grant.resourceId)).size === all.length,
      "Name each resource once, with all its scopes.",
    ),
});
type CreateInput = z.infer<typeof createInput>;

/** Whoever makes it has clients made: they need what making one by hand needs. */
function refuseUnlessGiver(write: Writer, input: CreateInput, workspace: WorkspaceTarget): void {
  if (workspace.kind !== "custom")
    refuse({
      code: "PROTECTED",
      noun: "initialAccessToken",
      what: "Clients of the admin and the system workspace do not register themselves: they administer.",
      mend: "Create them there by hand, or choose a custom workspace.",
    });
  alsoNeeds(write, "client:write", workspace);
  alsoNeeds(write, "client-secret:write", workspace);
  if (input.ceiling.length > 0) alsoNeeds(write, "client-grant:write", workspace);
}

async function refuseTooMany({ tx, tenantId, now }: Writer, workspaceId: string): Promise<void> {
  const living = and(
    eq(initialAccessTokens.tenantId, tenantId),
    eq(initialAccessTokens.workspaceId, workspaceId),
    isNull(initialAccessTokens.revokedAt),
    or(isNull(initialAccessTokens.expiresAt), gt(initialAccessTokens.expiresAt, now)),
    gt(initialAccessTokens.usesLeft, 0),
  );
  if ((await tx.$count(initialAccessTokens, living)) >= MOST_TOKENS)
    refuse({ code: "LIMIT_REACHED", noun: "initialAccessToken", limit: MOST_TOKENS });
}

/** The ids of the ceiling's scopes: all of that workspace, and visible; any other answers like a random one. */
async function scopesOfCeiling(write: Writer, { ceiling }: CreateInput, workspace: WorkspaceTarget): Promise<string[]> {
  const isSeen = holds(write.principal, "resource:read", workspace);
  const ids = ceiling.map(({ resourceId }) => resourceId);
  const seen = isSeen ? await livingRows(write, resources, ids) : [];
  const here = new Set(seen.filter(({ workspaceId }) => workspaceId === workspace.workspaceId).map(({ id }) => id));
  for (const [at, resourceId] of ids.entries())
    found(here.has(resourceId) || undefined, "resource", resourceId, ["ceiling", String(at), "resourceId"]);
  if (ids.length === 0) return [];
  const rows = await write.tx
    .select({ id: scopes.id, resourceId: scopes.resourceId, name: scopes.name })
    .from(scopes)
    .where(and(eq(scopes.tenantId, write.tenantId), inArray(scopes.resourceId, ids)));
  const byName = new Map(rows.map((row) => [`${row.resourceId} ${row.name}`, row.id]));
  return ceiling.flatMap(({ resourceId, scopes: names }, at) =>
    [...new Set(names)].map((one, place) =>
      found(byName.get(`${resourceId} ${one}`), "scope", one, ["ceiling", String(at), "scopes", String(place)]),
    ),
  );
}

async function insertToken(write: Writer, input: CreateInput): Promise<Changed> {
  const { tx, tenantId, now, installation } = write;
  const { workspaceId } = input;
  const workspace = found(await livingWorkspace(write, workspaceId), "workspace", workspaceId, ["workspaceId"]);
  refuseUnlessGiver(write, input, workspace);
  await refuseTooMany(write, workspaceId);
  const scopeIds = await scopesOfCeiling(write, input, workspace);
  const tokenId = newId("initialAccessToken");
  const { value, hint } = newRegistrationToken({ tenantId, workspaceId, id: tokenId });
  const pepperVersion = installation.keyring.currentPepperVersion;
  const [row] = await tx
    .insert(initialAccessTokens)
    .values({
      tenantId,
      workspaceId,
      id: tokenId,
      name: input.name,
      digest: installation.keyring.digest(value, pepperVersion),
      pepperVersion,
      hint,
      uses: input.uses,
      usesLeft: input.uses,
      methods: input.methods ? [...input.methods] : null,
      secretLifetime: input.clientSecretLifetime ?? null,
      createdAt: now,
      expiresAt: input.expiresAt ?? null,
    })
    .returning();
  const gone = { code: "NOT_FOUND", noun: "scope", id: "", path: ["ceiling"] } as const;
  if (scopeIds.length > 0)
    await naming(
      { initial_access_token_scopes_scope: gone },
      tx
        .insert(initialAccessTokenScopes)
        .values(scopeIds.map((scopeId) => ({ tenantId, workspaceId, tokenId, scopeId }))),
    );
  const made = await withCeiling(write, found(row, "initialAccessToken", tokenId, ["id"]));
  const event = { type: "initial-access-token.created", tokenId, name: made.name, hint } as const;
  return { id: tokenId, event, workspaceId, touched: [touchedToken(made)], secret: { value } };
}

async function withCeiling(read: Pick<Reader, "tx" | "tenantId">, row: TokenRow): Promise<InitialAccessToken> {
  return tokenOf(row, (await ceilingsOf(read, [row.id])).get(row.id) ?? []);
}

const CreateInitialAccessToken: Operation<CreateInput, "initial-access-token:write"> = {
  mutation: "createInitialAccessToken",
  permission: "initial-access-token:write",
  input: createInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  run: insertToken,
};

const revokeInput = z.strictObject({ id });

const RevokeInitialAccessToken: Operation<z.infer<typeof revokeInput>, "initial-access-token:write"> = {
  mutation: "revokeInitialAccessToken",
  permission: "initial-access-token:write",
  input: revokeInput,
  locate: (read, input) => locateRow(read, initialAccessTokens, "initialAccessToken", input.id, ["id"]),
  async run(write, input) {
    const living = await livingRow(write, initialAccessTokens, input.id, "lock");
    const { kind, ...row } = found(living, "initialAccessToken", input.id, ["id"]);
    const revokedAt = row.revokedAt ?? write.now;
    const isRow = and(eq(initialAccessTokens.tenantId, write.tenantId), eq(initialAccessTokens.id, row.id));
    await write.tx.update(initialAccessTokens).set({ revokedAt }).where(isRow);
    const revoked = await withCeiling(write, { ...row, revokedAt });
    const { id: tokenId, workspaceId, name, hint } = revoked;
    const event = { type: "initial-access-token.revoked", tokenId, name, hint } as const;
    return { id: tokenId, event, workspaceId, touched: [touchedToken(revoked)] };
  },
};

/**
 * Makes a token that registers clients (RFC 7591 §3); `secret.value` is shown this once. Needs
 * initial-access-token:write, and what making such a client by hand needs.
 */
export const createInitialAccessToken = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateInitialAccessToken, raw);
/** Stops a token. The clients that it registered stay. Revoking twice changes nothing. */
export const revokeInitialAccessToken = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeInitialAccessToken, raw);

/** `undefined` where it may not be seen. */
export async function getInitialAccessToken(actor: Actor, tokenId: string): Promise<InitialAccessToken | undefined> {
  const read = readerOf(actor);
  const row = await livingRow(read, initialAccessTokens, tokenId);
  return row && mayRead(actor, "initial-access-token:read", targetOf(row)) ? withCeiling(read, row) : undefined;
}

/** A workspace's initial access tokens, newest first, with those that are over; empty where they may not be seen. */
export async function listInitialAccessTokens(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<InitialAccessToken>> {
  const cut = newestFirst(initialAccessTokens, page);
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "initial-access-token:read", workspace)) return emptyPage;
  const here = and(eq(initialAccessTokens.tenantId, read.tenantId), eq(initialAccessTokens.workspaceId, workspaceId));
  const rows = await read.tx
    .select()
    .from(initialAccessTokens)
    .where(and(here, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const ceilings: ReadonlyMap<string, readonly CeilingGrant[]> = await ceilingsOf(
    read,
    rows.map((row) => row.id),
  );
  return pageByAge(
    rows.map((row) => tokenOf(row, ceilings.get(row.id) ?? [])),
    cut,
  );
}
