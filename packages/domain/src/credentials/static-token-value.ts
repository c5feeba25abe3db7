import { randomBase62 } from "../id.ts";
import { hasChecksum, withChecksum } from "./secret-value.ts";

/**
 * An API token's value: `mmt_`, then in base62 the tenant (8), the workspace (8), its id (14), 43 random characters (256
 * bit), 6 of CRC-32. It names its row itself.
 */
export type ApiTokenValue = `mmt_${string}`;

/** What a value says of itself; whether that is so, its digest tells. */
export interface NamedToken {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly id: string;
}

const bodyOf = (id: string): string => id.slice(id.indexOf("_") + 1);

/** A new value for that row, and what its owner will recognise it by: the last four characters of the random part. */
export function newApiTokenValue({ tenantId, workspaceId, id }: NamedToken): {
  readonly value: ApiTokenValue;
  readonly hint: string;
} {
  const random = randomBase62(43);
  const body = `mmt_${bodyOf(tenantId)}${bodyOf(workspaceId)}${bodyOf(id)}${random}` as const;
  return { value: withChecksum(body), hint: random.slice(-4) };
}

const FORM = /^mmt_([0-9A-Za-z]{8})([0-9A-Za-z]{8})([0-9A-Za-z]{14})[0-9A-Za-z]{49}$/;

/** What an API token says of itself; `undefined`: it has not the form, or a character is wrong. */
export function readApiTokenValue(text: string): NamedToken | undefined {
  const [, tenant, workspace, id] = FORM.exec(text) ?? [];
  if (id === undefined || !hasChecksum(text)) return undefined;
  return { tenantId: `ten_${tenant}`, workspaceId: `wsp_${workspace}`, id: `tok_${id}` };
}

/**
 * A personal token's value: `mmp_`, then in base62 the tenant (8), its id (14), 43 random characters (256 bit), 6 of
 * CRC-32. It belongs to no workspace.
 */
export type PersonalTokenValue = `mmp_${string}`;

/** As `newApiTokenValue`. */
export function newPersonalTokenValue({ tenantId, id }: Omit<NamedToken, "workspaceId">): {
  readonly value: PersonalTokenValue;
  readonly hint: string;
} {
  const random = randomBase62(43);
  const body = `mmp_${bodyOf(tenantId)}${bodyOf(id)}${random}` as const;
  return { value: withChecksum(body), hint: random.slice(-4) };
}

const PERSONAL_FORM = /^mmp_([0-9A-Za-z]{8})([0-9A-Za-z]{14})[0-9A-Za-z]{49}$/;

/** What a personal token says of itself; `undefined`: it has not the form, or a character is wrong. */
export function readPersonalTokenValue(text: string): Omit<NamedToken, "workspaceId"> | undefined {
  const [, tenant, id] = PERSONAL_FORM.exec(text) ?? [];
  return id !== undefined && hasChecksum(text) ? { tenantId: `ten_${tenant}`, id: `ptk_${id}` } : undefined;
}
