import {
  installation as installations,
  members,
  ssoIdentities,
  ssoProviders,
  tenants,
  users,
} from "@mintmark/db/schema";
import { and, eq, isNull } from "drizzle-orm";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { appendToFeed, lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import type { PersonContext } from "../change/member-event.ts";
import { countRefusal } from "../change/refused-act.ts";
import { newId } from "../id.ts";
import { name as personName } from "../input.ts";
import { joinBySso } from "../people/invitation.ts";
import { mayGiveStill } from "../people/inviter.ts";
import { insertMember } from "../people/new-member.ts";
import { email as emailAddress } from "../people/person.ts";
import type { Making } from "../tenancy/new-workspace.ts";
import type { OpenedProvider } from "./sso-attempt.ts";
import { syntheticEmail } from "./sso-identity.ts";
import { type JoiningProblem, joiningProblem } from "./sso-joining.ts";
import type { SsoProviderRow } from "./sso-provider-row.ts";

/** What a provider says of somebody, checked. */
export interface SsoPerson {
  readonly subject: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: string | undefined;
}

/** Why somebody whom the provider knows does not get in. */
export type SsoEntryProblem = JoiningProblem | "removed" | "provider_off" | "no_roles" | "nobody_owns_server";

/** Somebody who got in: a member of that tenant by now. */
export interface SsoEntered {
  readonly userId: string;
  readonly tenant: { readonly slug: string; readonly name: string };
}

/**
 * Lets somebody in whom a provider vouches for: by the subject alone, whatever address is asserted. Whoever is no member
 * becomes one where the provider's rules say so, by the link that they opened or with the provider's roles.
 *
 * @param invitation the code of that link
 * @throws Refusal CODE_INVALID where the link is no good in this tenant
 */
export async function enterBySso(
  installation: Installation,
  provider: Pick<OpenedProvider, "tenantId" | "id">,
  person: SsoPerson,
  { invitation, context }: { readonly invitation: string | undefined; readonly context: PersonContext },
): Promise<SsoEntered | SsoEntryProblem> {
  return installation.database.transaction(async (tx) => {
    const making = { tx, installation, now: installation.now() };
    // First of all, as everywhere where somebody may come to own the server.
    const [unowned] = await tx.select().from(installations).where(isNull(installations.ownedAt)).for("no key update");
    // Held until the end, so that two first sign-ins make one person, and nobody gets in while it is turned off.
    const [found] = await tx
      .select({ row: ssoProviders, tenant: tenants })
      .from(ssoProviders)
      .innerJoin(tenants, eq(tenants.id, ssoProviders.tenantId))
      .where(and(eq(ssoProviders.tenantId, provider.tenantId), eq(ssoProviders.id, provider.id)))
      .for("update", { of: ssoProviders });
    if (!found?.row.isActive || found.tenant.status !== "active") return "provider_off";
    const { row, tenant } = found;
    const shown = { ...person, email: emailAddress.safeParse(person.email).data };
    const known = await identityOf(making, row, shown);
    if (known?.memberId == null) {
      const problem =
        (tenant.isRoot && unowned ? "nobody_owns_server" : undefined) ??
        joiningProblem(row, shown, invitation !== undefined) ??
        // Who was removed does not come back by signing in again.
        (known && invitation === undefined ? "removed" : undefined) ??
        // Whoever said what roles people get must be able to say so now.
        (invitation !== undefined || (await mayGiveStill(tx, row, making.now)) ? undefined : "no_roles");
      if (problem) return problem;
    }
    const userId = known?.userId ?? (await insertPerson(making, row, shown));
    if (known?.memberId == null) {
      const joined = { userId, name: nameOf(shown), email: shown.email ?? "" };
      if (invitation !== undefined) await joinBySso(making, invitation, joined, { tenantId: tenant.id, context });
      else await joinWithRoles(making, row, joined, context);
    }
    return { userId, tenant: { slug: tenant.slug, name: tenant.name } };
  });
}

/** Who that subject is here, if anybody; what is asserted now is kept for display. */
async function identityOf({ tx }: Making, { tenantId, issuer }: SsoProviderRow, { subject, email }: SsoPerson) {
  const isIt = and(
    eq(ssoIdentities.tenantId, tenantId),
    eq(ssoIdentities.issuer, issuer),
    eq(ssoIdentities.subject, subject),
  );
  const [known] = await tx
    .select({ userId: ssoIdentities.userId, memberId: members.id })
    .from(ssoIdentities)
    .leftJoin(members, and(eq(members.tenantId, ssoIdentities.tenantId), eq(members.userId, ssoIdentities.userId)))
    .where(isIt);
  if (known && email !== undefined) await tx.update(ssoIdentities).set({ email }).where(isIt);
  return known;
}

/** Whose account a subject of that provider opens. */
export async function userOfSubject(
  { database }: Installation,
  { tenantId, issuer }: Pick<OpenedProvider, "tenantId" | "issuer">,
  subject: string,
): Promise<string | undefined> {
  const [known] = await database
    .select({ userId: ssoIdentities.userId })
    .from(ssoIdentities)
    .where(
      and(eq(ssoIdentities.tenantId, tenantId), eq(ssoIdentities.issuer, issuer), eq(ssoIdentities.subject, subject)),
    );
  return known?.userId;
}

/** A name that people can read, whatever was asserted. */
const nameOf = ({ name, email, subject }: SsoPerson): string =>
  [name, email, subject].map((text) => personName.safeParse(text).data).find((text) => text !== undefined) ?? "Member";

async function insertPerson({ tx, now }: Making, row: SsoProviderRow, person: SsoPerson): Promise<string> {
  const { tenantId, issuer } = row;
  const { subject, email } = person;
  const userId = newId("user");
  const account = { id: userId, name: nameOf(person), email: syntheticEmail({ tenantId, issuer, subject }) };
  await tx.insert(users).values({ ...account, createdAt: now, updatedAt: now });
  await tx.insert(ssoIdentities).values({ tenantId, issuer, subject, userId, email: email ?? null, createdAt: now });
  return userId;
}

async function joinWithRoles(
  making: Making,
  row: SsoProviderRow,
  { userId, name: displayName }: { readonly userId: string; readonly name: string },
  context: PersonContext,
): Promise<void> {
  const { tx, now } = making;
  const { tenantId, id: providerId } = row;
  await lockShards(tx, [tenantId]);
  const member = await insertMember(making, tenantId, { userId, displayName }, row.roles);
  const feedNumber = await appendToFeed(tx, tenantId, null, member.touched, now);
  const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
  const event = { type: "member.created", memberId: member.id, invitationId: null, providerId } as const;
  await writeAudit(tx, chain, { ...context, actor: member.id, at: now }, event, feedNumber);
}

/** Audits that somebody came back from a provider and was not let in; a flood of equal refusals is counted. */
export async function recordSsoRefusal(
  installation: Installation,
  { tenantId, id: providerId }: Pick<OpenedProvider, "tenantId" | "id">,
  reason: string,
  context: PersonContext,
): Promise<void> {
  const at = installation.now();
  await countRefusal(`sso-sign-in.refused ${providerId} ${reason}`, at, (uncounted) =>
    installation.database.transaction(async (tx) => {
      await lockShards(tx, [tenantId]);
      const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
      const event = { type: "sso-sign-in.refused", providerId, reason, uncounted } as const;
      await writeAudit(tx, chain, { ...context, actor: "server", at }, event);
    }),
  );
}
