import { importRows, imports, workspaces } from "@mintmark/db/schema";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { id } from "../input.ts";
import { found, livingRow, locateRow } from "../living-row.ts";
import { isImport, refuseUnlessImporter, touchedImport } from "./import.ts";
import { factsFor } from "./import-facts.ts";
import { type Decision, decideRows, isPlanned } from "./import-plan.ts";
import type { RowProblem } from "./import-row.ts";
import { type Chosen, insertClients, type MadeClient, type PreparedRow } from "./made-clients.ts";

/** A place in a file, and SHA-256 of what stands before it. */
export interface Mark {
  readonly bytes: number;
  readonly line: number;
  readonly digest: Buffer;
}

/** Some lines of a file, one after the other: they are done together or not at all. */
export interface Lot {
  readonly importId: string;
  /** Names the sending that they came with. */
  readonly sending: string;
  /** Bytes of the file before them. */
  readonly from: number;
  readonly to: Mark;
  readonly isLast: boolean;
  readonly rows: readonly PreparedRow[];
}

const lotInput = z.strictObject({ importId: id, lot: z.custom<Lot>((value) => typeof value === "object") });

const ImportClients: Operation<z.infer<typeof lotInput>, "client:write"> = {
  mutation: "importClients",
  permission: "client:write",
  input: lotInput,
  locate: (read, { importId }) => locateRow(read, imports, "import", importId, ["id"]),
  run: (write, { lot }) => importLot(write, lot),
};

async function importLot(write: Writer, lot: Lot): Promise<Changed> {
  const { importId } = lot;
  // First: of two sendings of one import each lot is done by one.
  const row = found(await livingRow(write, imports, importId, "lock"), "import", importId, ["id"]);
  if (row.sending !== lot.sending || row.doneBytes !== lot.from || row.finishedAt)
    refuse({
      code: "PROTECTED",
      noun: "import",
      what: "The file of this import was sent again meanwhile, and that sending goes on in place of this one.",
      mend: "Wait for it.",
    });
  const { workspaceId } = row;
  await refuseUnlessImporter(write, workspaceId);
  // Two imports of one file must not both find its names free.
  const isHere = and(eq(workspaces.tenantId, write.tenantId), eq(workspaces.id, workspaceId));
  await write.tx.select({ id: workspaces.id }).from(workspaces).where(isHere).for("no key update");
  const rows = lot.rows.map((prepared) => prepared.row);
  const facts = await factsFor(write, row, rows);
  const decisions = decideRows(rows, facts);
  const chosen = lot.rows.flatMap((prepared, at): Chosen[] => {
    const decision = decisions[at];
    return decision && isPlanned(decision) ? [{ prepared, planned: decision }] : [];
  });
  const made = await insertClients(write, row, chosen);
  const refused = await writeReport(write, lot, decisions, made.clients);
  const moved = await moveMark(write, lot, { made: made.clients.size, refused });
  const clientIds = [...made.clients.values()].map(({ row: client }) => client.id);
  return {
    id: importId,
    event: { type: "clients.imported", importId, clientIds, refused, upToLine: lot.to.line },
    workspaceId,
    touched: [...made.touched, moved],
  };
}

const taken: RowProblem = {
  code: "ALREADY_EXISTS",
  problem: "Somebody made a client with this client_id at the same moment.",
  fix: "Leave the line out, or give the client another client_id.",
};

/** Writes what became of each line. @returns how many were refused */
async function writeReport(
  { tx, tenantId }: Writer,
  { importId, rows }: Lot,
  decisions: readonly Decision[],
  made: ReadonlyMap<PreparedRow, MadeClient>,
): Promise<number> {
  const report = rows.map((prepared, at) => {
    const { line, name } = prepared.row;
    const client = made.get(prepared);
    const place = { tenantId, importId, line, name };
    if (client)
      return {
        ...place,
        clientId: client.row.id,
        oauthClientId: client.row.clientId,
        sealedSecret: client.sealedSecret,
      };
    const decision = decisions[at];
    const { code, problem, fix } = decision && !isPlanned(decision) ? decision : taken;
    return { ...place, code, problem, fix };
  });
  if (report.length > 0) await tx.insert(importRows).values(report);
  return report.length - made.size;
}

async function moveMark(
  write: Writer,
  { importId, to, isLast }: Lot,
  { made, refused }: { readonly made: number; readonly refused: number },
): Promise<Touched> {
  const { tx, now } = write;
  const [row] = await tx
    .update(imports)
    .set({
      doneBytes: to.bytes,
      doneLine: to.line,
      doneDigest: to.digest,
      made: sql`${imports.made} + ${made}`,
      refused: sql`${imports.refused} + ${refused}`,
      movedAt: now,
      ...(isLast && { finishedAt: now, sending: null }),
    })
    .where(isImport(write, importId))
    .returning();
  return touchedImport(found(row, "import", importId, ["id"]));
}

/**
 * Makes the clients of some lines, in one transaction with their report and the mark that says how far the file is done:
 * whoever sends it again after anything broke off makes none of them twice.
 *
 * @throws Refusal where nobody may go on
 */
export const importClients = (actor: Actor, lot: Lot): Promise<Answer> =>
  change(actor, ImportClients, { importId: lot.importId, lot });
