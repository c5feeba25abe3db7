import { isDeepStrictEqual } from "node:util";
import { ssoProviders } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { lockedRole, reachForMember, type WantedRole } from "../authority/given-role.ts";
import { makesOwner } from "../authority/principal.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  type Located,
  mayRead,
  type Operation,
  read,
  readerOf,
  refuse,
} from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { httpsAddress } from "../credentials/https-address.ts";
import { newId, nounOf } from "../id.ts";
import { id, name } from "../input.ts";
import { found, naming } from "../living-row.ts";
import { inviterOf, wantedRoles } from "../people/invite.ts";
import type { GivenRole } from "../people/new-member.ts";
import { refuseToShutOwnersOut } from "./sso-owners.ts";
import {
  endOfProvider,
  type SsoProvider,
  type SsoProviderRow,
  ssoProviderOf,
  ssoSecretPlace,
  touchedProvider,
} from "./sso-provider-row.ts";

const MOST_PROVIDERS = 50;
const DEFAULT_SCOPES = ["profile", "email"];

const printable = (most: number, what: string) =>
  z
    .string()
    .min(1, `${what} has at least one character.`)
    .max(most, `${what} has at most ${most} characters.`)
    .regex(/^[\x20-\x7e]*$/, `${what} has printable ASCII characters only.`);

const scope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'A scope has 1-100 ASCII characters, no space, " or \\.');
const domain = z
  .string()
  .max(253, "A domain has at most 253 characters.")
  .transform((text) => text.trim().toLowerCase())
  .pipe(
    z
      .string()
      .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/, "A domain is written like example.com."),
  );

/** What may be changed later; the issuer is not among it. */
const fields = {
  name,
  clientId: printable(255, "A client ID"),
  clientSecret: printable(1000, "A client secret"),
  scopes: z.array(scope).max(20, "At most 20 scopes."),
  emailDomains: z.array(domain).max(50, "At most 50 domains."),
  joining: z.enum(["invited", "anyone"], "Choose invited or anyone."),
  roles: wantedRoles,
  isRequired: z.boolean(),
};

const createInput = z.strictObject({
  name: fields.name,
  issuer: httpsAddress.refine((address) => !address.includes("?"), "An issuer has no query."),
  clientId: fields.clientId,
  clientSecret: fields.clientSecret,
  scopes: fields.scopes.nullish(),
  emailDomains: fields.emailDomains.nullish(),
  joining: fields.joining.nullish(),
  roles: fields.roles.nullish(),
  isRequired: fields.isRequired.nullish(),
});

const updateInput = z.strictObject({
  id,
  name: fields.name.nullish(),
  clientId: fields.clientId.nullish(),
  clientSecret: fields.clientSecret.nullish(),
  scopes: fields.scopes.nullish(),
  emailDomains: fields.emailDomains.nullish(),
  joining: fields.joining.nullish(),
  roles: fields.roles.nullish(),
  isRequired: fields.isRequired.nullish(),
  isActive: z.boolean().nullish(),
});

type Kept = Pick<SsoProviderRow, "joining" | "roles" | "isActive">;

/**
 * What whoever joins by themselves will get, by the actor's leave: whoever lets more people join, or other people, gives
 * the roles to them.
 *
 * @throws Refusal INVALID_INPUT, and what giving a role is refused for
 */
async function rolesAfter(write: Writer, { joining, roles, isActive }: Kept, wanted?: readonly WantedRole[] | null) {
  if (joining === "invited") {
    if (wanted?.length)
      refuse({
        code: "INVALID_INPUT",
        path: ["roles"],
        problem: "People who are invited get what their invitation says.",
        mend: "Leave the roles out, or let anyone join.",
      });
    return [];
  }
  const all =
    wanted ??
    roles.map(({ roleId, targetWorkspaceId: to }) => ({ roleId, targetWorkspaceId: to, everywhere: to === null }));
  if (all.length === 0)
    refuse({
      code: "INVALID_INPUT",
      path: ["roles"],
      problem: "A member without a role sees nothing.",
      mend: "Name at least one role, or let only those join who are invited.",
    });
  // Who turns it off gives nothing to anybody.
  if (!isActive && !wanted) return roles;
  const given: GivenRole[] = [];
  for (const [at, one] of all.entries()) given.push(await givenRole(write, one, ["roles", String(at)]));
  return given;
}

async function givenRole(write: Writer, wanted: WantedRole, path: readonly string[]): Promise<GivenRole> {
  const role = await lockedRole(write, wanted.roleId, path);
  if (makesOwner(role) || role.kind === "system")
    refuse({
      code: "INVALID_INPUT",
      path: [...path, "roleId"],
      problem: "Nobody becomes an owner or operator by signing in.",
      mend: "Choose another role of the admin workspace, and invite owners.",
    });
  const reach = await reachForMember(write, role, wanted, path);
  return { roleId: role.id, targetWorkspaceId: reach === "all" ? null : reach.workspaceId };
}

const changed = (type: "created" | "updated", row: SsoProviderRow): Changed => ({
  id: row.id,
  event: { type: `sso-provider.${type}`, providerId: row.id, name: row.name, issuer: row.issuer },
  workspaceId: null,
  touched: [touchedProvider(row)],
});

const CreateSsoProvider: Operation<z.infer<typeof createInput>, "sso-provider:write"> = {
  mutation: "createSsoProvider",
  permission: "sso-provider:write",
  isDangerous: true,
  input: createInput,
  locate: async () => ({ target: null }),
  async run(write, input) {
    const { tx, tenantId, installation, now } = write;
    if ((await tx.$count(ssoProviders, eq(ssoProviders.tenantId, tenantId))) >= MOST_PROVIDERS)
      refuse({ code: "LIMIT_REACHED", noun: "ssoProvider", limit: MOST_PROVIDERS });
    const providerId = newId("ssoProvider");
    const joining = input.joining ?? "invited";
    const roles = await rolesAfter(write, { joining, roles: [], isActive: true }, input.roles);
    const sealed = installation.keyring.seal(Buffer.from(input.clientSecret), ssoSecretPlace(tenantId, providerId));
    const exists = { code: "ALREADY_EXISTS", noun: "ssoProvider", path: ["issuer"], value: input.issuer } as const;
    const insert = tx
      .insert(ssoProviders)
      .values({
        tenantId,
        id: providerId,
        name: input.name,
        issuer: input.issuer,
        clientId: input.clientId,
        wrappedSecret: sealed,
        scopes: input.scopes ?? DEFAULT_SCOPES,
        emailDomains: input.emailDomains ?? [],
        joining,
        roles,
        rolesBy: inviterOf(write),
        isRequired: input.isRequired ?? false,
        isActive: true,
        createdAt: now,
      })
      .returning();
    const [row] = await naming({ sso_providers_issuer: exists }, insert);
    return changed("created", found(row, "ssoProvider", providerId, ["id"]));
  },
};

const isIt = ({ tenantId }: Pick<Reader, "tenantId">, providerId: string) =>
  and(eq(ssoProviders.tenantId, tenantId), eq(ssoProviders.id, providerId));

async function locateProvider(reader: Reader, input: { readonly id: string }): Promise<Located<"sso-provider:write">> {
  const row = { noun: "ssoProvider", id: input.id, path: ["id"] } as const;
  const known = nounOf(input.id) === "ssoProvider";
  const [provider] = known
    ? await reader.tx.select({ id: ssoProviders.id }).from(ssoProviders).where(isIt(reader, input.id))
    : [];
  if (!provider) refuse({ code: "NOT_FOUND", ...row });
  return { target: null, row };
}

async function lockedProvider(write: Writer, providerId: string): Promise<SsoProviderRow> {
  const [row] = await write.tx.select().from(ssoProviders).where(isIt(write, providerId)).for("update");
  return found(row, "ssoProvider", providerId, ["id"]);
}

const UpdateSsoProvider: Operation<z.infer<typeof updateInput>, "sso-provider:write"> = {
  mutation: "updateSsoProvider",
  permission: "sso-provider:write",
  isDangerous: true,
  input: updateInput,
  locate: locateProvider,
  async run(write, { id: providerId, clientSecret, roles: wanted, ...said }) {
    const { tx, tenantId, installation } = write;
    const before = await lockedProvider(write, providerId);
    const after = { ...before, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value != null)) };
    // With another client, secret or scope it may let nobody in, as if it were off.
    const entry = ({ clientId, scopes, isActive }: typeof before) => [clientId, scopes, isActive];
    const isOther = clientSecret != null || !isDeepStrictEqual(entry(before), entry(after));
    if (before.isActive && isOther) await refuseToShutOwnersOut(write, before.issuer);
    const roles = await rolesAfter(write, after, wanted);
    const place = ssoSecretPlace(tenantId, providerId);
    const [row] = await tx
      .update(ssoProviders)
      .set({
        ...after,
        roles,
        ...(after.isActive && { rolesBy: inviterOf(write) }),
        ...(clientSecret != null && { wrappedSecret: installation.keyring.seal(Buffer.from(clientSecret), place) }),
      })
      .where(isIt(write, providerId))
      .returning();
    const done = changed("updated", found(row, "ssoProvider", providerId, ["id"]));
    if (after.isActive) return done;
    const ended = await endOfProvider(write, before.issuer);
    return { ...done, touched: [...done.touched, ...ended.touched] };
  },
};

const deleteInput = z.strictObject({ id });

const DeleteSsoProvider: Operation<z.infer<typeof deleteInput>, "sso-provider:write"> = {
  mutation: "deleteSsoProvider",
  permission: "sso-provider:write",
  isDangerous: true,
  input: deleteInput,
  locate: locateProvider,
  async run(write, { id: providerId }) {
    const { issuer, name: was } = await lockedProvider(write, providerId);
    await refuseToShutOwnersOut(write, issuer);
    await write.tx.delete(ssoProviders).where(isIt(write, providerId));
    const ended = await endOfProvider(write, issuer);
    return {
      id: providerId,
      event: { type: "sso-provider.deleted", providerId, name: was, issuer },
      workspaceId: null,
      touched: [{ kind: "ssoProvider", id: providerId, workspaceId: null, body: null }, ...ended.touched],
    };
  },
};

/**
 * Trusts an OpenID provider to say who somebody is. `joining` is `invited` when left out: then nobody becomes a member by
 * signing in. The secret is sealed, and in no answer.
 */
export const createSsoProvider = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateSsoProvider, raw);
/** Changes what is named. `isActive: false` ends its sessions, and what its people made opens nothing until it is on again. */
export const updateSsoProvider = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateSsoProvider, raw);
/** Trusts it no more: its sessions end. Its people stay members, and come back if the same issuer is trusted again. */
export const deleteSsoProvider = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteSsoProvider, raw);

/** The tenant's providers, by name. @throws Refusal when the actor may not see them */
export const listSsoProviders = (actor: Actor): Promise<readonly SsoProvider[]> =>
  read(actor, "sso-provider:read", null, async ({ tx, tenantId, installation }) => {
    const rows = await tx
      .select()
      .from(ssoProviders)
      .where(eq(ssoProviders.tenantId, tenantId))
      .orderBy(asc(ssoProviders.name), asc(ssoProviders.id));
    return rows.map((row) => ssoProviderOf(installation, row));
  });

/** A provider; `undefined` where there is none that the actor may see. */
export async function getSsoProvider(actor: Actor, providerId: string): Promise<SsoProvider | undefined> {
  if (nounOf(providerId) !== "ssoProvider" || !mayRead(actor, "sso-provider:read", null)) return undefined;
  const reader = readerOf(actor);
  const [row] = await reader.tx.select().from(ssoProviders).where(isIt(reader, providerId));
  return row && ssoProviderOf(reader.installation, row);
}
