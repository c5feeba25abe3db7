import { idempotency } from "@mintmark/db/schema";
import { and, eq, lt } from "drizzle-orm";
import { nameOf } from "../authority/principal.ts";
import { Refusal } from "../failure.ts";
import { canonicalJson } from "./audit-hash.ts";
import type { Writer } from "./handle.ts";

const KEPT_MS = 24 * 3600 * 1000;

/** One call of one mutation, as its caller named it. */
export interface MutationKey {
  readonly mutation: string;
  readonly clientMutationId: string | undefined;
  readonly input: unknown;
}

const rowOf = (write: Writer, key: MutationKey) => ({
  tenantId: write.tenantId,
  principal: nameOf(write.principal),
  mutation: key.mutation,
  clientMutationId: key.clientMutationId ?? "",
});

const isRow = (row: ReturnType<typeof rowOf>) =>
  and(
    eq(idempotency.tenantId, row.tenantId),
    eq(idempotency.principal, row.principal),
    eq(idempotency.mutation, row.mutation),
    eq(idempotency.clientMutationId, row.clientMutationId),
  );

/**
 * Takes the key for this transaction; a concurrent equal call waits for its end.
 *
 * @returns the id that the first call answered, or `undefined` when this is the first
 * @throws Refusal MUTATION_ID_REUSED when the first call had another input
 */
export async function claimMutationId(write: Writer, key: MutationKey): Promise<string | undefined> {
  const row = rowOf(write, key);
  const { keyring } = write.installation;
  // Keyed, because an input may hold an imported secret: a bare hash could be tried out against a stolen database.
  const inputHash = keyring.digest(canonicalJson(key.input), keyring.currentPepperVersion);
  const expiresAt = new Date(write.now.getTime() + KEPT_MS);
  await write.tx.delete(idempotency).where(and(isRow(row), lt(idempotency.expiresAt, write.now)));
  const claimed = await write.tx
    .insert(idempotency)
    .values({ ...row, inputHash, result: {}, expiresAt })
    .onConflictDoNothing()
    .returning({ mutation: idempotency.mutation });
  if (claimed.length > 0) return undefined;
  const [first] = await write.tx.select().from(idempotency).where(isRow(row));
  if (!first) throw new Error("an idempotency row vanished inside a transaction");
  if (!first.inputHash.equals(inputHash))
    throw new Refusal({ code: "MUTATION_ID_REUSED", clientMutationId: row.clientMutationId });
  return String(first.result["id"]);
}

/** Keeps what a repeated call will be answered: ids, never a secret. */
export async function keepAnswer(write: Writer, key: MutationKey, id: string): Promise<void> {
  await write.tx
    .update(idempotency)
    .set({ result: { id } })
    .where(isRow(rowOf(write, key)));
}
