import { imports } from "@mintmark/db/schema";
import { type PublicKeyProblem, readRecipientKey } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
  refuseWithoutStepUp,
} from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { approvalOfNew } from "../clients/client-approval.ts";
import { newId } from "../id.ts";
import { id } from "../input.ts";
import { type LivingRow, livingRow, livingWorkspace, targetOf } from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import type { ImportFormat } from "./import-file.ts";

/** How long a file can be sent, and its report fetched, after the import was made. */
const LIFETIME_MS = 7 * 24 * 3600_000;
/** A sending that has not moved for so long has ended without a word. */
const STILL_MS = 30_000;

/** Clients that a file brings, and how far it is. */
export interface Import {
  readonly id: string;
  readonly workspaceId: string;
  readonly format: ImportFormat;
  /** Clients without a key of their own get a secret, sealed to the import's key; else each line brings a key. */
  readonly sealsSecrets: boolean;
  readonly state: "waiting" | "running" | "interrupted" | "done";
  /** Bytes of the file that was sent last, and of those that are done. */
  readonly size: number;
  readonly read: number;
  readonly made: number;
  readonly refused: number;
  /** Why the last sending ended before its file did, and what to do. */
  readonly problem: string | null;
  readonly createdAt: Date;
  /** Until then the file can be sent and the report fetched. */
  readonly expiresAt: Date;
  readonly finishedAt: Date | null;
}

export type ImportDatabaseRow = typeof imports.$inferSelect;

function stateOf({ finishedAt, startedAt, sending, movedAt }: ImportDatabaseRow, now: Date): Import["state"] {
  if (finishedAt) return "done";
  if (!startedAt) return "waiting";
  const isMoving = sending !== null && movedAt !== null && now.getTime() - movedAt.getTime() < STILL_MS;
  return isMoving ? "running" : "interrupted";
}

export const importOf = (row: ImportDatabaseRow, now: Date): Import => ({
  id: row.id,
  workspaceId: row.workspaceId,
  format: row.format,
  sealsSecrets: row.sealingKey !== null,
  state: stateOf(row, now),
  size: row.size,
  read: row.doneBytes,
  made: row.made,
  refused: row.refused,
  problem: row.problem,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  finishedAt: row.finishedAt,
});

/** What history keeps of an import. */
export const touchedImport = ({
  id,
  workspaceId,
  format,
  sealingKey,
  made,
  refused,
  createdAt,
  finishedAt,
}: ImportDatabaseRow): Touched => ({
  kind: "import",
  id,
  workspaceId,
  body: { id, workspaceId, format, sealingKey, made, refused, createdAt, finishedAt },
});

export const isImport = (read: Pick<Reader, "tenantId">, importId: string) =>
  and(eq(imports.tenantId, read.tenantId), eq(imports.id, importId));

const problems: { readonly [P in PublicKeyProblem]: readonly [problem: string, mend: string] } = {
  private: [
    "This holds a private key. Only its public half may leave you: whoever has the private one reads all secrets.",
    "Throw this pair away, make a new one, and send its public half alone.",
  ],
  unreadable: ["This is no public key.", "Send a JWK as JSON."],
  kind: [
    "Nothing can be sealed to a key of this kind.",
    "Use P-256 (ECDH-ES) or RSA (RSA-OAEP-256), and a key that is not for signing.",
  ],
  size: ["This RSA key has an unusual size.", "Use 2048 to 4096 bits with the exponent 65537, or P-256."],
  kid: ["The key's kid is not usable.", "Choose a kid of 1 to 255 printable ASCII characters, or leave it out."],
};

const createInput = z.strictObject({
  workspaceId: id,
  format: z.enum(["csv", "ndjson"]),
  sealingKey: z.string().max(20_000, "A public key is shorter than 20,000 characters.").nullish(),
});
type CreateInput = z.infer<typeof createInput>;

function sealingKeyOf({ sealingKey }: CreateInput): Record<string, unknown> | null {
  if (sealingKey == null) return null;
  const key = readRecipientKey(sealingKey);
  if (typeof key !== "string") return { ...key.publicJwk };
  const [problem, mend] = problems[key];
  return refuse({ code: "INVALID_INPUT", path: ["sealingKey"], problem, mend });
}

/** Every client of an import gets a credential at once; in a closed workspace it administers the tenant. @throws Refusal */
export async function refuseUnlessImporter(write: Writer, workspaceId: string): Promise<void> {
  const target = await livingWorkspace(write, workspaceId);
  if (!target) return refuse({ code: "NOT_FOUND", noun: "workspace", id: workspaceId, path: ["workspaceId"] });
  alsoNeeds(write, "client-secret:write", target);
  if (target.kind !== "custom") refuseWithoutStepUp(write);
  if ((await approvalOfNew(write, { workspaceId })) !== "approved")
    refuse({
      code: "PROTECTED",
      noun: "import",
      what: "Clients of this workspace are approved one by one before they hold a credential (setting clientApproval), and each client of an import gets one.",
      mend: "Have somebody import the file who holds client:approve, or create the clients without credentials.",
    });
}

const CreateImport: Operation<CreateInput, "client:write"> = {
  mutation: "createImport",
  permission: "client:write",
  input: createInput,
  locate: (read, input) => locateWorkspace(read, input.workspaceId, ["workspaceId"]),
  async run(write, input): Promise<Changed> {
    const { tx, tenantId, now } = write;
    const { workspaceId, format } = input;
    await refuseUnlessImporter(write, workspaceId);
    const importId = newId("import");
    const place = { tenantId, workspaceId, id: importId };
    const [row] = await tx
      .insert(imports)
      .values({
        ...place,
        format,
        sealingKey: sealingKeyOf(input),
        createdAt: now,
        expiresAt: new Date(now.getTime() + LIFETIME_MS),
      })
      .returning();
    if (!row) throw new Error("an inserted import was not returned");
    const event = { type: "import.created", importId, format } as const;
    return { id: importId, event, workspaceId, touched: [touchedImport(row)] };
  },
};

/**
 * Makes an import: a file of clients is sent to it within a week, again where that was broken off. Needs client:write and
 * client-secret:write; what a line grants needs client-grant:write too.
 */
export const createImport = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateImport, raw);

/** The row of an import that is not over. */
export async function livingImport(read: Reader, importId: string): Promise<LivingRow<typeof imports> | undefined> {
  const row = await livingRow(read, imports, importId);
  return row && row.expiresAt > read.now ? row : undefined;
}

/** `undefined` where it may not be seen. */
export async function getImport(actor: Actor, importId: string): Promise<Import | undefined> {
  const read = readerOf(actor);
  const row = await livingImport(read, importId);
  return row && mayRead(actor, "client:read", targetOf(row)) ? importOf(row, read.now) : undefined;
}

/** A workspace's imports of the last week, newest first; empty where they may not be seen. */
export async function listImports(actor: Actor, workspaceId: string, page: PageRequest): Promise<Page<Import>> {
  const cut = newestFirst(imports, page);
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "client:read", workspace)) return emptyPage;
  const here = and(eq(imports.tenantId, read.tenantId), eq(imports.workspaceId, workspaceId));
  const rows = await read.tx
    .select()
    .from(imports)
    .where(and(here, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(
    rows.map((row) => importOf(row, read.now)),
    cut,
  );
}
