import {
  assignments,
  clientAuthorities,
  clientCertificates,
  clientKeys,
  clientSecrets,
  clients,
  federatedCredentials,
  members,
  roles,
  ssoIdentities,
  workspaces,
} from "@mintmark/db/schema";
import { and, eq, inArray, isNotNull, or, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { isActiveAt } from "../authority/powers.ts";
import { refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import type { CredentialNoun } from "../credentials/credentials.ts";
import { isLivingAt } from "../credentials/living-credential.ts";
import { waysOf } from "../credentials/ways.ts";
import { effectiveSettings, type OwnSettings, ownSettingsByLevel } from "../settings/settings.ts";

/** What is about to go: one assignment, everything a client or a member holds, or one of a client's credentials. */
export type Leaving =
  | { readonly memberId: string }
  | { readonly assignmentId: string }
  | { readonly clientId: string }
  | { readonly credentialId: string };

/** One way in for somebody who is owner of the whole tenant now; without `credentialId` a person, or a client that has none. */
interface WayIn {
  readonly id: string;
  readonly clientId: string | null;
  readonly memberId: string | null;
  readonly expiresAt: Date | null;
  readonly isSso: boolean;
  readonly credentialId?: string;
}

/**
 * An owner whose assignment ends by itself, a client that cannot sign in, or a person who gets in as long as somebody
 * else's provider says so, does not count as one who stays.
 */
const isLasting = ({ clientId, expiresAt, isSso, credentialId }: WayIn): boolean =>
  expiresAt === null && !isSso && (clientId === null || credentialId !== undefined);

/**
 * The last owner stays: refuses when an owner leaves and nobody who can sign in is owner for good besides. Changes that
 * take owners away wait for each other here, so that two of them cannot each count on the other's owner.
 *
 * @throws Refusal LAST_OWNER
 */
export async function refuseLastOwner(write: Writer, leaving: Leaving): Promise<void> {
  const owner = await lockedOwnerRole(write);
  if (!owner) return;
  const ways = await waysIn(write, owner);
  const leaves = (way: WayIn) => {
    if ("credentialId" in leaving) return way.credentialId === leaving.credentialId;
    if ("memberId" in leaving) return way.memberId === leaving.memberId;
    return "clientId" in leaving ? way.clientId === leaving.clientId : way.id === leaving.assignmentId;
  };
  const stays = ways.some((way) => !leaves(way) && isLasting(way));
  if (ways.some(leaves) && !stays) refuse({ code: "LAST_OWNER" });
}

/**
 * Changes how clients may sign in, and refuses that where it would shut the last owner out.
 *
 * @throws Refusal LAST_OWNER
 */
export async function keepingAnOwner<T>(write: Writer, change: () => Promise<T>): Promise<T> {
  const owner = await lockedOwnerRole(write);
  const had = owner !== undefined && (await waysIn(write, owner)).some(isLasting);
  const changed = await change();
  if (had && !(await waysIn(write, owner)).some(isLasting)) refuse({ code: "LAST_OWNER" });
  return changed;
}

interface OwnerRole {
  readonly id: string;
  /** The tenant's admin workspace. */
  readonly workspaceId: string;
}

async function lockedOwnerRole({ tx, tenantId }: Writer): Promise<OwnerRole | undefined> {
  const [owner] = await tx
    .select({ id: roles.id, workspaceId: roles.workspaceId })
    .from(roles)
    .innerJoin(workspaces, and(eq(workspaces.tenantId, roles.tenantId), eq(workspaces.id, roles.workspaceId)))
    .where(
      and(
        eq(roles.tenantId, tenantId),
        eq(workspaces.kind, "admin"),
        eq(roles.isBuiltIn, true),
        eq(roles.name, "owner"),
      ),
    )
    .for("no key update", { of: roles });
  return owner;
}

/** Every way in of every owner. */
async function waysIn(write: Writer, role: OwnerRole): Promise<readonly WayIn[]> {
  const { tx, tenantId, now } = write;
  const owners = await tx
    .select({
      id: assignments.id,
      clientId: assignments.clientId,
      memberId: assignments.memberId,
      expiresAt: assignments.expiresAt,
      settings: clients.settings,
      isSso: sql<boolean>`${ssoIdentities.userId} is not null`,
    })
    .from(assignments)
    .leftJoin(members, and(eq(members.tenantId, assignments.tenantId), eq(members.id, assignments.memberId)))
    .leftJoin(
      ssoIdentities,
      and(eq(ssoIdentities.tenantId, members.tenantId), eq(ssoIdentities.userId, members.userId)),
    )
    .leftJoin(clients, and(eq(clients.tenantId, assignments.tenantId), eq(clients.id, assignments.clientId)))
    .where(
      and(
        eq(assignments.tenantId, tenantId),
        eq(assignments.roleId, role.id),
        eq(assignments.targetAll, true),
        isActiveAt(now),
        or(isNotNull(assignments.memberId), and(eq(clients.status, "active"), eq(clients.approval, "approved"))),
      ),
    );
  const byLevel = await ownSettingsByLevel(tx, { tenantId, workspaceId: role.workspaceId });
  const credentials = await credentialsOf(
    write,
    owners.flatMap(({ clientId }) => clientId ?? []),
  );
  const isTrusting = (await tx.$count(clientAuthorities, isOf(role, tenantId))) > 0;
  return owners.flatMap(({ settings, ...owner }): readonly WayIn[] => {
    const client = (settings ?? {}) as OwnSettings;
    const allowed = effectiveSettings({ ...byLevel, client }).clientAuthenticationMethods.value;
    const usable = credentials
      .filter(({ clientId }) => clientId === owner.clientId)
      // A certificate is known by itself, or by a name that an authority vouches for.
      .filter(({ noun, isSelfSigned }) => noun !== "clientCertificate" || isSelfSigned || isTrusting)
      .filter(({ noun }) => waysOf[noun].some((way) => allowed.includes(way)));
    return usable.length === 0 ? [owner] : usable.map(({ id }) => ({ ...owner, credentialId: id }));
  });
}

const isOf = ({ workspaceId }: OwnerRole, tenantId: string) =>
  and(eq(clientAuthorities.tenantId, tenantId), eq(clientAuthorities.workspaceId, workspaceId));

/** The living credentials of those clients, of every kind. */
async function credentialsOf({ tx, tenantId, now }: Writer, clientIds: readonly string[]) {
  if (clientIds.length === 0) return [];
  const of = (
    noun: CredentialNoun,
    table: typeof clientSecrets | typeof clientKeys | typeof clientCertificates | typeof federatedCredentials,
  ) =>
    tx
      .select({
        id: table.id,
        clientId: table.clientId,
        noun: sql<CredentialNoun>`${noun}::text`,
        isSelfSigned: table === clientCertificates ? eq(clientCertificates.subjectType, "thumbprint") : sql`false`,
      })
      .from(table)
      .where(and(eq(table.tenantId, tenantId), inArray(table.clientId, [...clientIds]), isLivingAt(table, now)));
  return unionAll(
    of("clientSecret", clientSecrets),
    of("clientKey", clientKeys),
    of("clientCertificate", clientCertificates),
    of("federatedCredential", federatedCredentials),
  );
}
