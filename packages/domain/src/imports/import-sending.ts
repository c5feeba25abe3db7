import { randomUUID } from "node:crypto";
import { imports } from "@mintmark/db/schema";
import { type RecipientKey, recipientKey } from "@mintmark/token-issuer";
import { and, eq, isNull } from "drizzle-orm";
import { alsoNeeds } from "../authority/escalation.ts";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Installation } from "../change/handle.ts";
import { describe, Refusal } from "../failure.ts";
import { targetOf } from "../living-row.ts";
import { beginsAlike, type FileLot, lotsInTurns } from "./file-lots.ts";
import { type ImportDatabaseRow, livingImport } from "./import.ts";
import type { ImportFormat } from "./import-file.ts";
import { importClients } from "./import-lot.ts";
import { FileRefused } from "./import-row.ts";
import { type PreparedRow, prepareRow } from "./made-clients.ts";

/** Bytes that a file may have. */
export const LARGEST_FILE = 64 * 1024 * 1024;

/** An import to which a file may be sent. */
export interface OpenImport {
  readonly id: string;
  readonly tenantId: string;
  readonly format: ImportFormat;
}

/** Why a file is not taken. */
export type SendingProblem =
  | { readonly kind: "unknown" }
  | { readonly kind: "done" }
  | { readonly kind: "other-file" }
  | { readonly kind: "no-list"; readonly problem: string };

/**
 * The import that a file is meant for, where the actor may send one.
 *
 * @throws Refusal where it may be seen, and not be sent to
 */
export async function openImport(actor: Actor, importId: string): Promise<OpenImport | SendingProblem> {
  const row = await sendable(actor, importId);
  return "kind" in row ? row : { id: row.id, tenantId: row.tenantId, format: row.format };
}

async function sendable(actor: Actor, importId: string): Promise<ImportDatabaseRow | SendingProblem> {
  const row = await livingImport(readerOf(actor), importId);
  if (!row || !mayRead(actor, "client:read", targetOf(row))) return { kind: "unknown" };
  alsoNeeds(actor, "client:write", targetOf(row));
  alsoNeeds(actor, "client-secret:write", targetOf(row));
  if (row.finishedAt) return { kind: "done" };
  const { kind, ...own } = row;
  return own;
}

/** A file that was taken, and makes its clients once `run` is called. */
export interface Sending {
  /**
   * Makes the clients, lot by lot, until the file is done, nobody may go on, or it is stopped.
   *
   * @param actorNow asked before each lot: who has lost the power makes no more
   */
  run(actorNow: () => Promise<Actor | undefined>, stop: AbortSignal): Promise<void>;
}

/** Takes a whole file for an import; a sending that still goes on ends for this one. @throws Refusal */
export async function takeFile(actor: Actor, importId: string, bytes: Buffer): Promise<Sending | SendingProblem> {
  const row = await sendable(actor, importId);
  if ("kind" in row) return row;
  if (!beginsAlike(bytes, { bytes: row.doneBytes, digest: row.doneDigest })) return { kind: "other-file" };
  const lots = lotsInTurns(bytes, row.format, row.doneBytes);
  // Before anything is written: whether it is a list at all.
  const first = await firstOf(lots);
  if ("kind" in first) return first;
  const { database, now } = actor.installation;
  const sending = randomUUID();
  const started = now();
  const [taken] = await database
    .update(imports)
    .set({ sending, size: bytes.length, problem: null, movedAt: started, startedAt: row.startedAt ?? started })
    .where(and(isRow(row), eq(imports.doneBytes, row.doneBytes), isNull(imports.finishedAt)))
    .returning({ id: imports.id });
  // Another sending moved the mark this moment.
  if (!taken) return takeFile(actor, importId, bytes);
  return {
    run: (actorNow, stop) =>
      runLots({ row, sending, installation: actor.installation }, { first, lots }, actorNow, stop),
  };
}

const isRow = ({ tenantId, id }: Pick<ImportDatabaseRow, "tenantId" | "id">) =>
  and(eq(imports.tenantId, tenantId), eq(imports.id, id));

async function firstOf(lots: AsyncGenerator<FileLot>): Promise<FileLot | SendingProblem> {
  try {
    const { value } = await lots.next();
    if (!value) throw new Error("a file has no lots");
    return value;
  } catch (error) {
    if (error instanceof FileRefused) return { kind: "no-list", problem: error.message };
    throw error;
  }
}

interface Running {
  readonly row: ImportDatabaseRow;
  readonly sending: string;
  readonly installation: Installation;
}

const LOST =
  "Whoever sent the file is not signed in any more. Sign in, and send the same file again: it goes on where it was.";
const BROKEN =
  "Something unexpected broke it off; the server's log says what. Send the same file again: it goes on where it was.";
const STOPPED = "The server stopped. Send the same file again: it goes on where it was.";

interface Lots {
  readonly first: FileLot;
  readonly lots: AsyncGenerator<FileLot>;
}

async function runLots(
  running: Running,
  lots: Lots,
  actorNow: () => Promise<Actor | undefined>,
  stop: AbortSignal,
): Promise<void> {
  try {
    const problem = await problemOfRun(running, lots, actorNow, stop);
    if (problem !== undefined) await endSending(running, problem);
  } catch (error) {
    // Where the database is away, nothing can be noted: it stands as it was left.
    await endSending(running, BROKEN).catch(() => undefined);
    throw error;
  }
}

/** Makes the clients of each lot. @returns why it ended early */
async function problemOfRun(
  { row, sending, installation }: Running,
  { first, lots }: Lots,
  actorNow: () => Promise<Actor | undefined>,
  stop: AbortSignal,
): Promise<string | undefined> {
  const recipient = row.sealingKey ? recipientKey(row.sealingKey) : undefined;
  for (let lot: FileLot | undefined = first; lot; lot = (await lots.next()).value ?? undefined) {
    const rows = await prepared(installation, lot, recipient);
    if (stop.aborted) return STOPPED;
    const actor = await actorNow();
    if (!actor) return LOST;
    try {
      await importClients(actor, { ...lot, importId: row.id, sending, rows });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const [failure] = error.failures;
      const { message, fix } = failure ? describe(failure) : { message: "It was refused.", fix: "" };
      return `${message} ${fix} Then send the same file again: it goes on where it was.`;
    }
  }
  return undefined;
}

/** Notes why a sending ended, unless another one has taken its place. */
async function endSending({ row, sending, installation: { database } }: Running, problem: string): Promise<void> {
  await database
    .update(imports)
    .set({ sending: null, problem })
    .where(and(isRow(row), eq(imports.sending, sending)));
}

/** Secrets that are sealed before others have their turn: one takes a fifth of a millisecond. */
const AT_ONCE = 25;

async function prepared(
  installation: Installation,
  { rows }: FileLot,
  recipient: RecipientKey | undefined,
): Promise<readonly PreparedRow[]> {
  const done: PreparedRow[] = [];
  for (const row of rows) {
    done.push(prepareRow(installation, row, recipient));
    if (recipient && done.length % AT_ONCE === 0) await new Promise(setImmediate);
  }
  return done;
}
