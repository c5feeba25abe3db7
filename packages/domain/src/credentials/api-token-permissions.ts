import {
  assignments,
  clientGrantScopes,
  clientGrants,
  type clients,
  resources,
  roleScopes,
  scopes,
} from "@mintmark/db/schema";
import { and, eq, inArray, or } from "drizzle-orm";
import { z } from "zod";
import { isActiveAt } from "../authority/powers.ts";
import { holds } from "../authority/principal.ts";
import { refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { grantedScopes } from "../clients/client-grant.ts";
import { isGrantedAt } from "../clients/living-grant.ts";
import { id } from "../input.ts";
import { found, type LivingRow, livingRows, targetOf } from "../living-row.ts";

const chosen = z
  .array(z.strictObject({ resourceId: id, scopes: grantedScopes.min(1, "Name at least one scope of each resource.") }))
  .min(1, "Choose at least one scope, or say all.")
  .max(50, "At most 50 resources.")
  .refine(
    (some) => new Set(some.map((one) => one.resourceId)).size === some.length,
    "Name each resource once, with all its scopes.",
  );

/** What a token may do: everything that its client may, which is a value of its own, or some of it. */
export const tokenPermissions = z
  .strictObject({ all: z.literal(true, "Say true, or leave it out and choose.").nullish(), chosen: chosen.nullish() })
  .refine((said) => (said.all === true) !== Array.isArray(said.chosen), {
    message: "Say either all, or what is chosen.",
    path: ["all"],
  });
export type TokenPermissionsInput = z.infer<typeof tokenPermissions>;

/** How a token's power rests in the database. */
export interface StoredPower {
  readonly followsGrants: boolean;
  readonly scopeIds: string[] | null;
}

/** The power that was asked for: only what the client is granted now. @throws Refusal */
export async function powerOf(
  write: Writer,
  client: LivingRow<typeof clients>,
  input: TokenPermissionsInput,
): Promise<StoredPower> {
  if (!input.chosen) return { followsGrants: true, scopeIds: null };
  const ids = input.chosen.map(({ resourceId }) => resourceId);
  const isSeen = holds(write.principal, "resource:read", targetOf(client));
  const seen = isSeen ? await livingRows(write, resources, ids) : [];
  const here = new Set(seen.filter(({ workspaceId }) => workspaceId === client.workspaceId).map((row) => row.id));
  const granted = await scopesGrantedNow(write, client.id, ids);
  const scopeIds = input.chosen.flatMap(({ resourceId, scopes: names }, at) => {
    const path = ["permissions", "chosen", String(at)];
    found(here.has(resourceId) || undefined, "resource", resourceId, [...path, "resourceId"]);
    return [...new Set(names)].map((name, place) => {
      const scope = granted.find((one) => one.resourceId === resourceId && one.name === name);
      return scope?.id ?? refuseUngranted(name, [...path, "scopes", String(place)]);
    });
  });
  return { followsGrants: false, scopeIds };
}

const refuseUngranted = (name: string, path: readonly string[]): never =>
  refuse({
    code: "INVALID_INPUT",
    path,
    problem: `The client is not granted ${name} at this resource: a token can do no more than its client.`,
    mend: "Grant it to the client first, or leave it out.",
  });

/** The scopes of those resources that the client holds now, by a grant or by a role. */
async function scopesGrantedNow({ tx, tenantId, now }: Writer, clientId: string, resourceIds: readonly string[]) {
  const byGrant = tx
    .select({ id: clientGrantScopes.scopeId })
    .from(clientGrantScopes)
    .innerJoin(
      clientGrants,
      and(eq(clientGrants.tenantId, clientGrantScopes.tenantId), eq(clientGrants.id, clientGrantScopes.grantId)),
    )
    .where(and(eq(clientGrants.tenantId, tenantId), eq(clientGrants.clientId, clientId), isGrantedAt(now)));
  const byRole = tx
    .select({ id: roleScopes.scopeId })
    .from(roleScopes)
    .innerJoin(
      assignments,
      and(eq(assignments.tenantId, roleScopes.tenantId), eq(assignments.roleId, roleScopes.roleId)),
    )
    .where(and(eq(assignments.tenantId, tenantId), eq(assignments.clientId, clientId), isActiveAt(now)));
  return tx
    .select({ id: scopes.id, resourceId: scopes.resourceId, name: scopes.name })
    .from(scopes)
    .where(
      and(
        eq(scopes.tenantId, tenantId),
        inArray(scopes.resourceId, [...resourceIds]),
        or(inArray(scopes.id, byGrant), inArray(scopes.id, byRole)),
      ),
    );
}
