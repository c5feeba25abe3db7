import { members, ssoIdentities, ssoProviders, tenants, users } from "@mintmark/db/schema";
import { and, asc, eq, sql } from "drizzle-orm";
import { isOwner, type Power } from "../authority/principal.ts";
import type { Installation } from "../change/handle.ts";
import { slug } from "../input.ts";
import { shownEmail } from "./sso-identity.ts";

/** What single sign-on has to do with a member of a tenant; the query is over `members` and `tenants`. */
export interface SsoFacts {
  /** Known by a provider alone. */
  readonly isSso: boolean;
  /** That provider is there and on. */
  readonly isProviderOn: boolean;
  /** A provider that is on is required of the tenant's members. */
  readonly isRequired: boolean;
}

const hasIdentity = sql`${ssoIdentities.tenantId} = ${members.tenantId} and ${ssoIdentities.userId} = ${members.userId}`;

export const ssoFacts = {
  isSso: sql<boolean>`exists (select from ${ssoIdentities} where ${hasIdentity})`,
  isProviderOn: sql<boolean>`exists (select from ${ssoIdentities} join ${ssoProviders}
    on ${ssoProviders.tenantId} = ${ssoIdentities.tenantId} and ${ssoProviders.issuer} = ${ssoIdentities.issuer}
    where ${hasIdentity} and ${ssoProviders.isActive})`,
  isRequired: sql<boolean>`exists (select from ${ssoProviders}
    where ${ssoProviders.tenantId} = ${members.tenantId} and ${ssoProviders.isActive} and ${ssoProviders.isRequired})`,
};

/**
 * Why a member's session does not open its tenant, as far as single sign-on has a say. Pure. An owner's password stays a
 * way back in, or a provider that is away would shut everybody out who could turn it off.
 */
export function ssoProblem(
  { isSso, isProviderOn, isRequired }: SsoFacts,
  { onlyTenantId, powers }: { readonly onlyTenantId: string | null; readonly powers: readonly Power[] },
): "provider-off" | "required" | undefined {
  if (isSso || onlyTenantId !== null)
    return isSso && isProviderOn && onlyTenantId !== null ? undefined : "provider-off";
  return isRequired && !powers.some(isOwner) ? "required" : undefined;
}

/** Whether a member of that tenant is turned away for having come without the single sign-on that it requires. */
export async function lacksRequiredSso(
  { database }: Installation,
  { userId, onlyTenantId }: { readonly userId: string; readonly onlyTenantId: string | null },
  tenantSlug: string,
): Promise<boolean> {
  if (onlyTenantId !== null || !slug.safeParse(tenantSlug).success) return false;
  const [facts] = await database
    .select(ssoFacts)
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(and(eq(members.userId, userId), eq(tenants.slug, tenantSlug), eq(tenants.status, "active")));
  return facts !== undefined && !facts.isSso && facts.isRequired;
}

/** A provider as whoever is about to sign in sees it. */
export interface OfferedProvider {
  readonly id: string;
  readonly name: string;
}

/** What a tenant's people may sign in with; none where there is no such tenant, which looks the same. */
export async function offeredProviders(
  { database }: Installation,
  tenantSlug: string,
): Promise<readonly OfferedProvider[]> {
  if (!slug.safeParse(tenantSlug).success) return [];
  return database
    .select({ id: ssoProviders.id, name: ssoProviders.name })
    .from(ssoProviders)
    .innerJoin(tenants, eq(tenants.id, ssoProviders.tenantId))
    .where(and(eq(tenants.slug, tenantSlug), eq(tenants.status, "active"), eq(ssoProviders.isActive, true)))
    .orderBy(asc(ssoProviders.name), asc(ssoProviders.id));
}

/** The address that a provider asserts of somebody, for display. */
export async function shownEmailOf({ database }: Installation, userId: string): Promise<string> {
  const [found] = await database
    .select({ email: shownEmail })
    .from(users)
    .leftJoin(ssoIdentities, eq(ssoIdentities.userId, users.id))
    .where(eq(users.id, userId));
  return found?.email ?? "";
}

/** The name of the provider that a person is known by in the tenant of their session; `undefined` where it is none, or off. */
export async function providerOfSession(
  { database }: Installation,
  { userId, onlyTenantId }: { readonly userId: string; readonly onlyTenantId: string | null },
): Promise<OfferedProvider | undefined> {
  if (onlyTenantId === null) return undefined;
  const isTheirs = and(
    eq(ssoProviders.tenantId, ssoIdentities.tenantId),
    eq(ssoProviders.issuer, ssoIdentities.issuer),
  );
  const [found] = await database
    .select({ id: ssoProviders.id, name: ssoProviders.name })
    .from(ssoIdentities)
    .innerJoin(ssoProviders, isTheirs)
    .where(
      and(eq(ssoIdentities.tenantId, onlyTenantId), eq(ssoIdentities.userId, userId), eq(ssoProviders.isActive, true)),
    );
  return found;
}
