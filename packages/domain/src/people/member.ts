import { members, ssoIdentities, tenants, users } from "@mintmark/db/schema";
import { and, asc, eq, isNull, lt, or } from "drizzle-orm";
import { isActiveAt, powersOfMember } from "../authority/powers.ts";
import type { MemberPrincipal } from "../authority/principal.ts";
import type { Actor } from "../change/actor.ts";
import type { Installation } from "../change/handle.ts";
import { slug } from "../input.ts";
import { ssoFacts, ssoProblem } from "../sso/sso-door.ts";
import { shownEmail } from "../sso/sso-identity.ts";

/** Who a session belongs to: a person, in no tenant yet. */
export interface SignedInPerson {
  readonly sessionId: string;
  readonly userId: string;
  /** When they last proved who they are. */
  readonly authenticatedAt: Date;
  /** Set for a single sign-on session: it opens this tenant and no other. */
  readonly onlyTenantId: string | null;
}

/** One tenant that a person belongs to. */
export interface Membership {
  readonly tenantId: string;
  readonly slug: string;
  readonly name: string;
  readonly memberId: string;
}

/** The active tenants that a person belongs to, by name. */
export async function membershipsOf({ database }: Installation, userId: string): Promise<readonly Membership[]> {
  return database
    .select({ tenantId: tenants.id, slug: tenants.slug, name: tenants.name, memberId: members.id })
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(and(eq(members.userId, userId), eq(tenants.status, "active")))
    .orderBy(asc(tenants.name), asc(tenants.id));
}

/**
 * The principal of a signed-in person in the tenant that the request names, with what they hold there at this moment.
 * `undefined` when there is no such tenant, when it is suspended, or when they are no member: all the same to the caller.
 */
export async function memberPrincipal(
  installation: Installation,
  { sessionId, userId, authenticatedAt, onlyTenantId }: SignedInPerson,
  tenantSlug: string,
): Promise<MemberPrincipal | undefined> {
  const { database } = installation;
  if (!slug.safeParse(tenantSlug).success) return undefined;
  const [found] = await database
    .select({ memberId: members.id, tenantId: tenants.id, isRoot: tenants.isRoot, ...ssoFacts })
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(and(eq(members.userId, userId), eq(tenants.slug, tenantSlug), eq(tenants.status, "active")));
  if (!found || (onlyTenantId !== null && onlyTenantId !== found.tenantId)) return undefined;
  const { memberId, tenantId, isRoot: isRootTenant } = found;
  const powers = await powersOfMember(database, tenantId, memberId, isActiveAt(installation.now()));
  if (ssoProblem(found, { onlyTenantId, powers })) return undefined;
  return { kind: "member", tenantId, isRootTenant, memberId, userId, sessionId, powers, authenticatedAt };
}

/** How exactly "last seen" is kept. */
const SEEN_EVERY_MS = 60_000;

/** Notes that a member works in their tenant now. Beside the session's own time, because a session opens several tenants. */
export async function noteSeen(
  { database, now }: Installation,
  { tenantId, memberId }: MemberPrincipal,
): Promise<void> {
  const at = now();
  const isOld = or(isNull(members.lastSeenAt), lt(members.lastSeenAt, new Date(at.getTime() - SEEN_EVERY_MS)));
  await database
    .update(members)
    .set({ lastSeenAt: at })
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId), isOld));
}

/** A personal token that was found good. */
interface FoundToken {
  readonly tenantId: string;
  readonly id: string;
  readonly memberId: string | null;
}

/**
 * The principal of a personal token: its member, with what they hold at this moment and, where it was narrowed, no more
 * than that. Dangerous acts want a person, who proves who they are.
 */
export async function personOfToken(
  { database, now }: Installation,
  { tenantId, id: personalTokenId, memberId }: FoundToken,
  tokenScopes: ReadonlySet<string> | undefined,
): Promise<MemberPrincipal | { readonly reason: "unknown_api_token" }> {
  const isIt = and(eq(members.tenantId, tenantId), eq(members.id, memberId ?? ""), eq(tenants.status, "active"));
  const [row] = await database
    .select({ memberId: members.id, userId: members.userId, isRootTenant: tenants.isRoot, ...ssoFacts })
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(isIt);
  // What a person made who is known by their provider alone ends with that provider.
  if (!row || (row.isSso && !row.isProviderOn)) return { reason: "unknown_api_token" };
  const found = { memberId: row.memberId, userId: row.userId, isRootTenant: row.isRootTenant };
  const powers = await powersOfMember(database, tenantId, found.memberId, isActiveAt(now()));
  const narrowed = tokenScopes && { tokenScopes };
  return { kind: "member", tenantId, ...found, powers, authenticatedAt: new Date(0), personalTokenId, ...narrowed };
}

/** The person who asks. */
export interface ViewingPerson {
  readonly memberId: string;
  readonly name: string;
  readonly email: string;
  readonly authenticatedAt: Date;
}

/** The person behind an actor; `undefined` for machines. */
export async function viewingPerson({ installation, principal }: Actor): Promise<ViewingPerson | undefined> {
  if (principal.kind !== "member") return undefined;
  const { tenantId, memberId, authenticatedAt } = principal;
  const [row] = await installation.database
    .select({ name: members.displayName, email: shownEmail })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(
      ssoIdentities,
      and(eq(ssoIdentities.tenantId, members.tenantId), eq(ssoIdentities.userId, members.userId)),
    )
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId)));
  return row && { ...row, memberId, authenticatedAt };
}

/** The tenants that the person behind an actor belongs to; empty for machines. */
export const viewerMemberships = async ({ installation, principal }: Actor): Promise<readonly Membership[]> =>
  principal.kind === "member" ? seenBy(principal, await membershipsOf(installation, principal.userId)) : [];

/** A personal token is of one tenant, and tells nothing of the others. */
const seenBy = ({ personalTokenId, tenantId }: MemberPrincipal, all: readonly Membership[]) =>
  personalTokenId === undefined ? all : all.filter((one) => one.tenantId === tenantId);
