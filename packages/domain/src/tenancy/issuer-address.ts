import type { Installation } from "../change/handle.ts";
import { Refusal } from "../failure.ts";

/** What stands for the tenant's slug in a template of origins. */
const TENANT = "{tenant}";

type Addresses = Pick<Installation, "issuerOrigin">;

/** The stored issuer of a workspace: `{origin}/{tenant}/{workspace}`, its origin perhaps with the tenant's slug in its host. */
export const issuerAddress = ({ issuerOrigin }: Addresses, tenant: string, workspace: string): string =>
  `${issuerOrigin.replaceAll(TENANT, tenant)}/${tenant}/${workspace}`;

/** The slugs in an issuer's address; `undefined` for whatever else it is. */
export function readIssuerAddress(
  addresses: Addresses,
  issuer: string,
): { readonly tenant: string; readonly workspace: string } | undefined {
  const [, tenant, workspace] = /\/([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9-]*)$/.exec(issuer) ?? [];
  if (tenant === undefined || workspace === undefined) return undefined;
  return issuerAddress(addresses, tenant, workspace) === issuer ? { tenant, workspace } : undefined;
}

/** Whether issuers begin with that origin, whichever tenant it would be. */
export function isIssuerOrigin({ issuerOrigin }: Addresses, origin: string): boolean {
  const [before = "", after] = issuerOrigin.split(TENANT);
  if (after === undefined) return origin === issuerOrigin;
  return origin.startsWith(before) && origin.endsWith(after) && origin.length > before.length + after.length;
}

/** A part of a host name (RFC 1123 §2.1) that no browser reads as another spelling (RFC 5891 §4.2.3.1). */
const LABEL = /^(?!..--)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Whether a tenant of that slug has an address: not each is a part of a host name. */
export const hasIssuerAddress = ({ issuerOrigin }: Addresses, tenant: string): boolean =>
  !issuerOrigin.includes(TENANT) || LABEL.test(tenant);

/** @throws Refusal INVALID_INPUT for a slug that cannot stand in a host name where it has to */
export function refuseWithoutAddress(addresses: Addresses, slug: string): void {
  if (hasIssuerAddress(addresses, slug)) return;
  throw new Refusal({
    code: "INVALID_INPUT",
    path: ["slug"],
    problem: `Issuers here begin with ${addresses.issuerOrigin}, and ${slug} is no part of a host name.`,
    mend: "Choose one that ends with a letter or a digit, and has no two hyphens as its third and fourth character.",
  });
}
