import type { Database, Transaction } from "@mintmark/db";
import { auditEvents, auditHeads, tenants, workspaces } from "@mintmark/db/schema";
import { and, asc, eq, gt, gte, or, sql } from "drizzle-orm";
import { type AuditFault, ChainCheck, type ChainEnd } from "./audit-chain.ts";
import { type AuditCheckpoint, readCut, signCheckpoint } from "./audit-checkpoint.ts";
import type { Installation } from "./handle.ts";

/** What is wrong with one workspace's audit log. */
export interface BrokenChain {
  /** `acme/payments`; as its checkpoint called it where the workspace is gone. */
  readonly place: string;
  readonly faults: readonly AuditFault[];
}

export interface AuditVerification {
  readonly chains: number;
  readonly entries: number;
  readonly broken: readonly BrokenChain[];
  /** Checkpoints of entries that retention has cut off since: they could only be compared with each other. */
  readonly outlived: number;
}

/** Rows read at once. */
const PAGE = 1000;
/** Faults kept of one chain: more of them say nothing new. */
const MOST_FAULTS = 100;

/**
 * Follows every chain of the audit log from its first row, or from where retention cut it, to its head, as of one moment.
 *
 * @param checkpoints what was kept outside the database; without them a chain that was cut or sealed anew as a whole, with
 * its head, looks whole
 * @param progress told after each chain
 */
export async function verifyAudit(
  { database, keyring }: Pick<Installation, "database" | "keyring">,
  checkpoints: readonly AuditCheckpoint[],
  progress: (done: { readonly chains: number; readonly entries: number }) => void = () => undefined,
): Promise<AuditVerification> {
  const kept = Map.groupBy(checkpoints, ({ tenantId, workspaceId }) => `${tenantId} ${workspaceId}`);
  const broken: BrokenChain[] = [];
  let entries = 0;
  let done = 0;
  let outlived = 0;
  await database.transaction(
    async (tx) => {
      for (const chain of await chainsIn(tx)) {
        const ends = (kept.get(`${chain.tenantId} ${chain.workspaceId}`) ?? []).map(endOf);
        const cut = chain.cut === null ? undefined : readCut(keyring, chain, chain.cut);
        const check = new ChainCheck(ends, cut);
        const faults = [...notCut(chain, cut), ...check.begin(), ...(await faultsOf(tx, chain, check))];
        entries += check.length;
        outlived += check.outlived;
        done++;
        kept.delete(`${chain.tenantId} ${chain.workspaceId}`);
        if (faults.length > 0) broken.push({ place: chain.place, faults });
        progress({ chains: done, entries });
      }
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
  // Gone with its workspace and its head.
  for (const [{ place } = { place: "" }] of kept.values())
    broken.push({ place, faults: [{ sequence: 1, id: null, fault: "cut_off" }] });
  return { chains: done, entries, broken, outlived };
}

/** What says that retention cut the chain, and was not signed. */
const notCut = ({ cut }: Chain, signed: ChainEnd | undefined): readonly AuditFault[] =>
  cut === null || signed ? [] : [{ sequence: Number(cut["sequence"]) || 0, id: null, fault: "not_cut_by_retention" }];

const endOf = ({ sequence, hash }: AuditCheckpoint): ChainEnd => ({ sequence, hash: Buffer.from(hash, "hex") });

interface Chain {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly place: string;
  /** `null`: it has none. */
  readonly sequence: number | null;
  readonly hash: Buffer | null;
  /** What says up to where retention cut it; `null`: it is whole. */
  readonly cut: Readonly<Record<string, unknown>> | null;
}

/** Every chain that there is or should be: of each workspace, of each head. */
const chainsIn = (tx: Transaction): Promise<Chain[]> =>
  tx
    .select({
      tenantId: workspaces.tenantId,
      workspaceId: workspaces.id,
      place: sql<string>`${tenants.slug} || '/' || ${workspaces.slug}`,
      sequence: auditHeads.sequence,
      hash: auditHeads.hash,
      cut: auditHeads.cut,
    })
    .from(workspaces)
    .innerJoin(tenants, eq(tenants.id, workspaces.tenantId))
    .leftJoin(auditHeads, and(eq(auditHeads.tenantId, workspaces.tenantId), eq(auditHeads.workspaceId, workspaces.id)))
    .orderBy(asc(tenants.slug), asc(workspaces.slug));

/** By number and id: nothing but the database's own key keeps a number from being there twice. */
const rowsAfter = ({ sequence, id }: typeof auditEvents.$inferSelect) =>
  and(gte(auditEvents.sequence, sequence), or(gt(auditEvents.sequence, sequence), gt(auditEvents.id, id)));

async function faultsOf(tx: Transaction, chain: Chain, check: ChainCheck): Promise<readonly AuditFault[]> {
  const faults: AuditFault[] = [];
  let after: typeof auditEvents.$inferSelect | undefined;
  do {
    const page = await tx
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.tenantId, chain.tenantId),
          eq(auditEvents.workspaceId, chain.workspaceId),
          after && rowsAfter(after),
        ),
      )
      .orderBy(asc(auditEvents.sequence), asc(auditEvents.id))
      .limit(PAGE);
    for (const row of page) faults.push(...check.next(row));
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after);
  const { sequence, hash } = chain;
  faults.push(...check.end(sequence === null || hash === null ? undefined : { sequence, hash }));
  return faults.slice(0, MOST_FAULTS);
}

/**
 * How far each chain has come, signed, for keeping where whoever can change the database cannot.
 *
 * @param since only the chains that have grown since then
 */
export async function auditCheckpoints(
  { database, keyring, now }: Pick<Installation, "database" | "keyring" | "now">,
  since = new Date(0),
): Promise<readonly AuditCheckpoint[]> {
  const heads = await headsSince(database, since);
  const at = now().toISOString();
  return heads.map(({ hash, ...head }) => signCheckpoint(keyring, { ...head, hash: hash.toString("hex"), at }));
}

const headsSince = (database: Database, since: Date) =>
  database
    .select({
      tenantId: auditHeads.tenantId,
      workspaceId: auditHeads.workspaceId,
      place: sql<string>`${tenants.slug} || '/' || ${workspaces.slug}`,
      sequence: auditHeads.sequence,
      hash: auditHeads.hash,
    })
    .from(auditHeads)
    .innerJoin(workspaces, and(eq(workspaces.tenantId, auditHeads.tenantId), eq(workspaces.id, auditHeads.workspaceId)))
    .innerJoin(tenants, eq(tenants.id, workspaces.tenantId))
    .innerJoin(
      auditEvents,
      and(
        eq(auditEvents.tenantId, auditHeads.tenantId),
        eq(auditEvents.workspaceId, auditHeads.workspaceId),
        eq(auditEvents.sequence, auditHeads.sequence),
      ),
    )
    .where(gte(auditEvents.at, since))
    .orderBy(asc(tenants.slug), asc(workspaces.slug));
