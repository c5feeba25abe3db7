import { type Failure, Refusal } from "../failure.ts";
import type { Keyring } from "./keyring.ts";

/** First path segments that the server keeps for itself, and the slugs of the special workspaces. */
const reservedSlugs: ReadonlySet<string> = new Set([
  "admin",
  "api",
  "assets",
  "auth",
  "console",
  "docs",
  "graphql",
  "health",
  "healthz",
  "imports",
  "livez",
  "metrics",
  "oauth",
  "oauth2",
  "portal",
  "readyz",
  "setup",
  "startupz",
  "static",
  "system",
  "well-known",
]);

/** Throws SLUG_RESERVED; `path` is where the slug stands in the input. */
export function refuseReserved(slug: string, path: readonly string[] = ["slug"]): void {
  if (reservedSlugs.has(slug)) throw new Refusal({ code: "SLUG_RESERVED", path, slug });
}

/** Why a slug that is already in the table cannot be had: it is in use, or it was and is never given again. */
export const slugTaken = (noun: "tenant" | "workspace", slug: string, isDeleted: boolean): Failure =>
  isDeleted
    ? { code: "SLUG_RETIRED", path: ["slug"], slug }
    : { code: "ALREADY_EXISTS", noun, path: ["slug"], value: slug };

/** What is kept of an erased tenant's slug: enough to know it again, and to nobody without the oldest pepper. */
export const tenantSlugDigest = (keyring: Pick<Keyring, "digest" | "pepperVersions">, slug: string): Buffer =>
  keyring.digest(`tenant slug ${slug}`, keyring.pepperVersions[0] ?? 0);
