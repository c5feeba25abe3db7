import { members, tenants } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import type { SignedInPerson } from "../people/member.ts";

/** A tenant that is suspended, as its own people are told. One that was deleted looks the same to them. */
export interface StoppedTenant {
  readonly slug: string;
  readonly name: string;
}

/** The suspended tenants that a person belongs to and this session could open, by name: told to nobody else. */
export async function stoppedTenantsOf(
  { database }: Pick<Installation, "database">,
  { userId, onlyTenantId }: Pick<SignedInPerson, "userId" | "onlyTenantId">,
): Promise<readonly StoppedTenant[]> {
  return database
    .select({ slug: tenants.slug, name: tenants.name })
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(
      and(
        eq(members.userId, userId),
        eq(tenants.status, "suspended"),
        onlyTenantId === null ? undefined : eq(tenants.id, onlyTenantId),
      ),
    )
    .orderBy(asc(tenants.name), asc(tenants.id));
}

/** The one of those with that slug. */
export async function stoppedTenantOf(
  installation: Pick<Installation, "database">,
  person: Pick<SignedInPerson, "userId" | "onlyTenantId">,
  slug: string,
): Promise<StoppedTenant | undefined> {
  return (await stoppedTenantsOf(installation, person)).find((tenant) => tenant.slug === slug);
}
