import { auditHeads, clients, logExports, usageHours } from "@mintmark/db/schema";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
import { holds, nameOf } from "../authority/principal.ts";
import { type Actor, type Answer, type Changed, change, mayRead, type Operation, readerOf } from "../change/actor.ts";
import { plain } from "../change/audit-filter.ts";
import type { Installation, Writer } from "../change/handle.ts";
import { newId, nounOf } from "../id.ts";
import { id, instant, tokenId } from "../input.ts";
import { found, livingRow, livingWorkspace, targetOf } from "../living-row.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import type { ExportFormat } from "./log-export-format.ts";

/** How long a file can be fetched after it was asked for. */
const LIFETIME_MS = 24 * 3600_000;

/** A log that somebody asked for as a file. */
export interface LogExport {
  readonly id: string;
  readonly workspaceId: string;
  readonly log: "audit" | "tokens";
  readonly format: ExportFormat;
  /** About as many entries as the log had when it was asked for; where it is narrowed, fewer are sent. */
  readonly total: number;
  readonly sent: number;
  readonly state: "waiting" | "running" | "done";
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const text = z.string().max(255, "At most 255 characters.").transform(plain);
const ofBoth = {
  reason: text.nullish(),
  address: text.nullish(),
  correlationId: text.nullish(),
  from: instant.nullish(),
  to: instant.nullish(),
};
const ofAudit = {
  search: text.nullish(),
  type: text.nullish(),
  outcome: z.enum(["done", "refused"]).nullish(),
  actor: text.nullish(),
  target: text.nullish(),
};
const ofTokens = {
  client: id.nullish(),
  sentClientId: text.nullish(),
  credentialId: id.nullish(),
  tokenOutcome: z.enum(["issued", "refused"]).nullish(),
  resource: text.nullish(),
  scope: text.nullish(),
  tokenId: tokenId.nullish(),
};
const createInput = z
  .strictObject({
    workspaceId: id,
    log: z.enum(["audit", "tokens"]),
    format: z.enum(["csv", "ndjson", "cef"]),
    ...ofBoth,
    ...ofAudit,
    ...ofTokens,
  })
  .superRefine((input, context) => {
    const others = Object.keys(input.log === "tokens" ? ofAudit : ofTokens) as (keyof typeof input)[];
    for (const name of others)
      if (input[name] != null)
        context.addIssue({ code: "custom", path: [name], message: `${name} narrows the other log. Leave it out.` });
  });
type CreateInput = z.infer<typeof createInput>;

/** What narrows it, as text. */
function filterOf({
  workspaceId: _workspace,
  log: _log,
  format: _format,
  ...given
}: CreateInput): Record<string, string> {
  const written = Object.entries(given).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(written.filter((one): one is [string, string] => typeof one[1] === "string"));
}

/**
 * At most so many entries the log has now, without counting them: a change must not last as long as a log is. The audit
 * log is numbered; of the token log, the decisions that the hours count.
 */
async function boundOf({ tx, tenantId }: Writer, { log, workspaceId }: CreateInput): Promise<number> {
  const of = log === "audit" ? auditHeads : usageHours;
  const isOf = and(eq(of.tenantId, tenantId), eq(of.workspaceId, workspaceId));
  if (log === "audit") {
    const [head] = await tx.select({ sequence: auditHeads.sequence }).from(auditHeads).where(isOf);
    return head?.sequence ?? 0;
  }
  const decisions = sql<number>`coalesce(sum(${usageHours.issued} + ${usageHours.refused}), 0)::bigint`;
  const [row] = await tx
    .select({ decisions: decisions.mapWith(Number) })
    .from(usageHours)
    .where(isOf);
  return row?.decisions ?? 0;
}

/** A client of that workspace which may be seen. @throws Refusal NOT_FOUND */
async function refuseForeignClient(write: Writer, workspaceId: string, clientId: string): Promise<void> {
  const client = await livingRow(write, clients, clientId);
  const isSeen = client?.workspaceId === workspaceId && holds(write.principal, "client:read", targetOf(client));
  found(isSeen || undefined, "client", clientId, ["client"]);
}

const CreateLogExport: Operation<CreateInput, "audit:read"> = {
  mutation: "createLogExport",
  permission: "audit:read",
  input: createInput,
  locate: (read, input) => locateWorkspace(read, input.workspaceId, ["workspaceId"]),
  async run(write, input): Promise<Changed> {
    const { tx, tenantId, principal, now } = write;
    const { workspaceId, log, format } = input;
    const workspace = await livingWorkspace(write, workspaceId);
    if (log === "tokens" && workspace) alsoNeeds(write, "token-log:read", workspace);
    if (input.client != null) await refuseForeignClient(write, workspaceId, input.client);
    const exportId = newId("logExport");
    const filter = filterOf(input);
    await tx.insert(logExports).values({
      ...{ tenantId, workspaceId, id: exportId, principal: nameOf(principal), log, format },
      filter,
      total: await boundOf(write, input),
      createdAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
    });
    const event = { type: "log.exported", exportId, log, format } as const;
    // What somebody looked for may be a person's name or address, and history does not forget.
    const touched = { kind: "logExport", id: exportId, workspaceId, body: { log, format } };
    return { id: exportId, event, workspaceId, touched: [touched] };
  },
};

/** Asks for a log as a file, which whoever asked fetches within a day. The token log needs token-log:read too. */
export const createLogExport = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateLogExport, raw);

async function ownExport(actor: Actor, exportId: string) {
  if (nounOf(exportId) !== "logExport") return undefined;
  const read = readerOf(actor);
  const row = await livingRow(read, logExports, exportId);
  if (!row || row.principal !== nameOf(read.principal)) return undefined;
  const permission = row.log === "tokens" ? "token-log:read" : "audit:read";
  return mayRead(actor, permission, targetOf(row)) ? row : undefined;
}

/** The row of one's own export that can still be fetched. */
export async function findLogExport(actor: Actor, exportId: string) {
  const row = await ownExport(actor, exportId);
  return row && row.expiresAt > readerOf(actor).now ? row : undefined;
}

/** Whether whoever fetches an export may go on: its time is no matter once it has begun. */
export const maySeeExport = async (actor: Actor, exportId: string): Promise<boolean> =>
  (await ownExport(actor, exportId)) !== undefined;

/** One's own export, and how far it is; `undefined` for anybody else. */
export async function getLogExport(actor: Actor, exportId: string): Promise<LogExport | undefined> {
  const row = await findLogExport(actor, exportId);
  if (!row) return undefined;
  const { id, workspaceId, log, format, total, sent, createdAt, expiresAt, startedAt, finishedAt } = row;
  const state = finishedAt ? "done" : startedAt ? "running" : "waiting";
  return { id, workspaceId, log, format, total, sent, state, createdAt, expiresAt };
}

/** Notes how far an export is. It can be fetched again, and counts from the beginning then. */
export async function noteExport(
  { database, now }: Installation,
  { tenantId, id }: Pick<typeof logExports.$inferSelect, "tenantId" | "id">,
  sent: number,
  isDone: boolean,
): Promise<void> {
  const finishedAt = isDone ? now() : null;
  await database
    .update(logExports)
    .set({ sent, finishedAt, ...(sent === 0 && { startedAt: now() }) })
    .where(and(eq(logExports.tenantId, tenantId), eq(logExports.id, id)));
}
