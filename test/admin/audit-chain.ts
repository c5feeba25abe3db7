import { createHash } from "node:crypto";

/** A row of `audit_events`, as the database keeps it. */
export interface AuditRow extends Record<string, unknown> {
  readonly tenant_id: string;
  readonly workspace_id: string;
  readonly sequence: string | number;
  readonly id: string;
  readonly at: Date;
  readonly type: string;
  readonly outcome: string;
  readonly actor: string;
  readonly correlation_id: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly personal: Readonly<Record<string, unknown>> | null;
  readonly salt: Buffer | null;
  readonly commitment: Buffer;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** JSON without spaces, members sorted by name at every depth. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

const sha256 = (...parts: (Buffer | string)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

/**
 * The documented hash: SHA-256 of the hash before, of the row's ten members as canonical JSON, and of the commitment,
 * which is SHA-256 of the salt and the personal part as canonical JSON. Written anew here, from the documentation.
 */
export const hashOf = (row: AuditRow, previous: Buffer): string =>
  sha256(
    previous,
    canonical({
      tenantId: row.tenant_id,
      workspaceId: row.workspace_id,
      sequence: Number(row.sequence),
      id: row.id,
      at: row.at.toISOString(),
      type: row.type,
      outcome: row.outcome,
      actor: row.actor,
      correlationId: row.correlation_id,
      body: row.body,
    }),
    row.commitment,
  );

/** What is wrong with a chain, row by row; empty when it holds. `head` is what the chain's head says. */
export function brokenLinks(chain: readonly AuditRow[], head: { sequence: number; hash: Buffer }): string[] {
  const wrong: string[] = [];
  let previous: Buffer = Buffer.alloc(32);
  chain.forEach((row, at) => {
    if (Number(row.sequence) !== at + 1) wrong.push(`${row.id}: number ${row.sequence} at place ${at + 1}`);
    if (!row.previous_hash.equals(previous)) wrong.push(`${row.id}: does not follow the row before`);
    if (hashOf(row, previous) !== row.hash.toString("hex")) wrong.push(`${row.id}: was altered`);
    const commitment = row.salt && row.personal && sha256(row.salt, canonical(row.personal));
    if (commitment && commitment !== row.commitment.toString("hex")) wrong.push(`${row.id}: personal part was altered`);
    previous = row.hash;
  });
  if (head.sequence !== chain.length || !head.hash.equals(previous)) wrong.push("the end was cut off");
  return wrong;
}
