import { clientGrantScopes, clientGrants, clients, scopes } from "@mintmark/db/schema";
import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { permissions } from "../authority/permission.ts";
import { type Actor, type Answer, change, type Operation, readerOf, refuse } from "../change/actor.ts";
import { adminWorkspaceOf } from "../change/audit.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { grantOf } from "../clients/client-grant.ts";
import { type ClientRow, touchedClient, updateClientRow } from "../clients/client-row.ts";
import { insertClient } from "../clients/new-client.ts";
import { newId } from "../id.ts";
import { futureInstant, id, name } from "../input.ts";
import { found } from "../living-row.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import type { EffectiveSettings } from "../settings/settings.ts";
import { addClientSecret } from "../tenancy/automation-client.ts";
import type { StoredPower } from "./api-token-permissions.ts";
import { refuseSpan } from "./credential.ts";
import { endPersonalClients, isOwnClient, type PersonalClient, personalClients } from "./personal-client-row.ts";
import { personOf, refuseBeyondPersonal } from "./personal-limit.ts";
import { personalPermissions, personalPowerOf } from "./personal-token-power.ts";
import { personalTokenSettings } from "./personal-tokens.ts";
import { refuseEnd } from "./static-token-end.ts";

const createInput = z.strictObject({ name, expiresAt: futureInstant.nullish(), permissions: personalPermissions });
type CreateInput = z.infer<typeof createInput>;

/** A secret of this kind lives as long as a static token may, and as a client secret may. */
function refuseLife(settings: EffectiveSettings, now: Date, expiresAt: Date | null): void {
  refuseEnd(settings, now, expiresAt);
  const longest = { days: settings.clientSecretLifetime.value, word: "secret", setting: "clientSecretLifetime" };
  refuseSpan({ notBefore: now, expiresAt }, longest, now);
}

/** It lives in the admin workspace, whose tokens open one of the two APIs. */
function refuseOtherApi({ permissions: { scopes: names } }: CreateInput): void {
  const others = (names ?? []).filter((one) => permissions[one as keyof typeof permissions]?.api === "system");
  if (others.length === 0) return;
  refuse({
    code: "INVALID_INPUT",
    path: ["permissions", "scopes"],
    problem: `Client credentials get tokens of the Admin API, and ${others.join(", ")} ${others.length > 1 ? "are" : "is"} of the System API.`,
    mend: "Leave that out, or make a personal token: it opens both.",
  });
}

/** What it was narrowed to, as a grant of the Admin API. */
async function narrow({ tx, tenantId, now }: Writer, client: ClientRow, { scopeIds }: StoredPower): Promise<Touched[]> {
  if (scopeIds === null) return [];
  const isOne = and(
    eq(scopes.tenantId, tenantId),
    eq(scopes.workspaceId, client.workspaceId),
    inArray(scopes.id, [...scopeIds]),
  );
  const chosen = await tx.select().from(scopes).where(isOne);
  const [resourceId] = chosen.map((scope) => scope.resourceId);
  if (resourceId === undefined) return [];
  const { workspaceId, id: clientId } = client;
  const place = { tenantId, workspaceId, resourceId };
  const grant = { ...place, id: newId("clientGrant"), clientId, expiresAt: null, createdAt: now };
  await tx.insert(clientGrants).values(grant);
  await tx
    .insert(clientGrantScopes)
    .values(chosen.map((scope) => ({ ...place, grantId: grant.id, scopeId: scope.id })));
  const names = chosen.map((scope) => scope.name).sort();
  return [{ kind: "clientGrant", id: grant.id, workspaceId, clientId, body: { ...grantOf(grant, names) } }];
}

const CreatePersonalClient: Operation<CreateInput, "personal-token:write"> = {
  mutation: "createPersonalClient",
  permission: "personal-token:write",
  // It has the person's power, and outlives the session that made it.
  isDangerous: true,
  input: createInput,
  locate: async () => ({ target: null }),
  async run(write, input) {
    const { tx, tenantId, now } = write;
    const person = personOf(write);
    const { memberId } = person;
    const settings = await personalTokenSettings(write);
    await refuseBeyondPersonal(write, memberId, settings, "client_credentials");
    const expiresAt = input.expiresAt ?? null;
    refuseLife(settings, now, expiresAt);
    refuseOtherApi(input);
    const power = await personalPowerOf(write, person, input.permissions);
    const workspaceId = await adminWorkspaceOf(tx, tenantId);
    const owner = { memberId, isFollowed: power.followsGrants };
    const client = await insertClient(write, { workspaceId, name: input.name, settings: {}, owner });
    const grants = await narrow(write, client, power);
    const place = { tenantId, workspaceId, clientId: client.id };
    // The secret has no name of its own: history would keep it.
    const secret = await addClientSecret(write, { ...place, name: "", expiresAt });
    const { id: clientId } = client;
    return {
      id: clientId,
      event: { type: "personal-client.created", memberId, clientId, hint: secret.hint },
      workspaceId,
      touched: [touchedClient(client), ...grants, secret.touched],
      secret: { value: secret.value },
    };
  },
};

const locateOwn = async (read: Reader, { id: clientId }: { readonly id: string }) => {
  const { principal } = read;
  const own = principal.kind === "member" ? await ownClient(read, principal.memberId, clientId) : undefined;
  found(own, "client", clientId, ["id"]);
  return { target: null };
};

const ownClient = async (read: Reader, memberId: string, clientId: string): Promise<PersonalClient | undefined> =>
  (await personalClients(read, isOwnClient(memberId, clientId)))[0];

const revokeInput = z.strictObject({ id });

const RevokePersonalClient: Operation<z.infer<typeof revokeInput>, "personal-token:write"> = {
  mutation: "revokePersonalClient",
  permission: "personal-token:write",
  input: revokeInput,
  locate: locateOwn,
  async run(write, { id: clientId }) {
    const { memberId } = personOf(write);
    const own = found(await ownClient(write, memberId, clientId), "client", clientId, ["id"]);
    const { touched } = await endPersonalClients(write, isOwnClient(memberId, clientId));
    const event = { type: "personal-client.revoked", memberId, clientId, hint: own.hint } as const;
    return { id: clientId, event, workspaceId: await adminWorkspaceOf(write.tx, write.tenantId), touched };
  },
};

const renewInput = z.strictObject({ id, expiresAt: futureInstant.nullish() });

const RenewPersonalClient: Operation<z.infer<typeof renewInput>, "personal-token:write"> = {
  mutation: "renewPersonalClient",
  permission: "personal-token:write",
  isDangerous: true,
  input: renewInput,
  locate: locateOwn,
  async run(write, { id: clientId, expiresAt = null }) {
    const { tenantId, now } = write;
    const { memberId } = personOf(write);
    const settings = await personalTokenSettings(write);
    // It locks the member: of two calls at once the second one finds a secret that works.
    await refuseBeyondPersonal(write, memberId, settings, "client_credentials");
    const own = found(await ownClient(write, memberId, clientId), "client", clientId, ["id"]);
    refuseWorking(own, now);
    refuseLife(settings, now, expiresAt);
    const workspaceId = await adminWorkspaceOf(write.tx, tenantId);
    const client = await updateClientRow(write, clientId, { status: "active" });
    const secret = await addClientSecret(write, { tenantId, workspaceId, clientId, name: "", expiresAt });
    return {
      id: clientId,
      event: { type: "personal-client.renewed", memberId, clientId, hint: secret.hint },
      workspaceId,
      touched: [touchedClient(client), secret.touched],
      secret: { value: secret.value },
    };
  },
};

function refuseWorking({ revokedAt, expiresAt }: PersonalClient, now: Date): void {
  if (revokedAt !== null || (expiresAt !== null && expiresAt <= now)) return;
  refuse({
    code: "PROTECTED",
    noun: "client",
    what: "Its secret works still: there is one at a time.",
    mend: "Revoke it first, or generate another client for the time of the change.",
  });
}

/**
 * Generates a client id and a secret of the person who is signed in; `secret.value` is shown this once. It may at each use
 * what that person may, or less. Needs a session.
 */
export const createPersonalClient = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreatePersonalClient, raw);
/** Stops an own client with its tokens, at once and for good. Revoking twice changes nothing. Needs a session. */
export const revokePersonalClient = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokePersonalClient, raw);

/**
 * Makes a new secret for an own client that is over, such as one that was taken over from somebody who left; `secret.value` is
 * shown this once. Its id stays, and it may what its member may. Needs a session.
 */
export const renewPersonalClient = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RenewPersonalClient, raw);

/** An own client; `undefined` for everybody else. */
export async function getPersonalClient(actor: Actor, clientId: string): Promise<PersonalClient | undefined> {
  const read = readerOf(actor);
  return read.principal.kind === "member" ? ownClient(read, read.principal.memberId, clientId) : undefined;
}

/** The person's own clients, newest first, with those that are over; `undefined` for machines. */
export async function listPersonalClients(actor: Actor, page: PageRequest): Promise<Page<PersonalClient> | undefined> {
  const read = readerOf(actor);
  const cut = newestFirst(clients, page);
  if (read.principal.kind !== "member") return undefined;
  const isOwn = and(eq(clients.ownerMemberId, read.principal.memberId), cut.after);
  return pageByAge(await personalClients(read, isOwn, cut), cut);
}
