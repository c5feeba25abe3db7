import { createHash } from "node:crypto";

/** JSON with sorted keys, so that a hash does not depend on how the database keeps an object. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object" || value instanceof Date) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value as Record<string, unknown>).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The fields of a row that its hash covers, besides the link to the row before. */
export interface ChainedRow {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly sequence: number;
  readonly id: string;
  readonly at: Date;
  readonly type: string;
  readonly outcome: "done" | "refused";
  readonly actor: string;
  readonly correlationId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** SHA-256 over the link to the row before, the row, and the commitment to its personal part. */
export const chainHash = (previous: Uint8Array, row: ChainedRow, commitment: Uint8Array): Buffer =>
  sha256(previous, canonicalJson({ ...row, at: row.at.toISOString() }), commitment);

/** Stands for a row's personal part in its hash, so that value and salt can be erased and the chain still verifies. */
export const commitmentOf = (salt: Uint8Array, personal: Readonly<Record<string, unknown>>): Buffer =>
  sha256(salt, canonicalJson(personal));
