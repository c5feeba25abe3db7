import { resources, scopes } from "@mintmark/db/schema";
import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { type Permission, permissions } from "../authority/permission.ts";
import type { MemberPrincipal } from "../authority/principal.ts";
import { refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { scopeName } from "../resources/scope-name.ts";
import type { StoredPower } from "./api-token-permissions.ts";

/** What a personal token may do: everything that its person may, which is a value of its own, or some of it. */
export const personalPermissions = z
  .strictObject({
    all: z.literal(true, "Say true, or leave it out and name scopes.").nullish(),
    scopes: z.array(scopeName).min(1, "Name at least one scope, or say all.").max(100, "At most 100 scopes.").nullish(),
  })
  .refine((said) => (said.all === true) !== Array.isArray(said.scopes), {
    message: "Say either all, or which scopes.",
    path: ["all"],
  });

/** The power that was asked for: only what the person holds somewhere now. @throws Refusal */
export async function personalPowerOf(
  { tx, tenantId }: Writer,
  { powers }: MemberPrincipal,
  { scopes: wanted }: z.infer<typeof personalPermissions>,
): Promise<StoredPower> {
  if (!wanted) return { followsGrants: true, scopeIds: null };
  const names = [...new Set(wanted)];
  const held = new Set(powers.flatMap((power) => [...power.scopes].flatMap(withRead)));
  const lacking = names.filter((name) => !held.has(name));
  if (lacking.length > 0) refuse({ code: "MORE_THAN_HELD", scopes: lacking });
  const rows = await tx
    .select({ id: scopes.id })
    .from(scopes)
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(and(eq(scopes.tenantId, tenantId), inArray(scopes.name, names), eq(resources.isOwnApi, true)));
  return { followsGrants: false, scopeIds: rows.map(({ id }) => id) };
}

/** A permission, and the one that is held along with it. */
const withRead = (name: string): string[] => [name, permissions[name as Permission]?.read ?? name];
