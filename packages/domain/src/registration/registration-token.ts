import { hasChecksum, withChecksum } from "../credentials/secret-value.ts";
import { randomBase62 } from "../id.ts";

/**
 * A registration token's value: `mmr_`, then in base62 the tenant (8), the workspace (8), what it belongs to (14), 43
 * random characters (256 bit), 6 of CRC-32. It names its row itself, so that no index over all of them is needed.
 */
export type RegistrationTokenValue = `mmr_${string}`;

/** What a value says it belongs to: an initial access token, or a client that registered itself. */
interface Named {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** `iat_…` or `cli_…`: which of them, the endpoint says. */
  readonly id: string;
}

const bodyOf = (id: string): string => id.slice(id.indexOf("_") + 1);

/** A new value for that row, and what its owner will recognise it by: the last four characters of the random part. */
export function newRegistrationToken({ tenantId, workspaceId, id }: Named): {
  readonly value: RegistrationTokenValue;
  readonly hint: string;
} {
  const random = randomBase62(43);
  const body = `mmr_${bodyOf(tenantId)}${bodyOf(workspaceId)}${bodyOf(id)}${random}` as const;
  return { value: withChecksum(body), hint: random.slice(-4) };
}

const FORM = /^mmr_([0-9A-Za-z]{8})([0-9A-Za-z]{8})([0-9A-Za-z]{14})[0-9A-Za-z]{49}$/;

/** What a text says it belongs to, with that kind of id; `undefined`: it has not the form of a registration token. */
export function readRegistrationToken(text: string, prefix: "iat" | "cli"): Named | undefined {
  const [, tenant, workspace, id] = FORM.exec(text) ?? [];
  if (id === undefined || !hasChecksum(text)) return undefined;
  return { tenantId: `ten_${tenant}`, workspaceId: `wsp_${workspace}`, id: `${prefix}_${id}` };
}
