import { clients, workspaces } from "@mintmark/db/schema";
import type { SigningAlgorithm } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { livingRow, livingWorkspace, targetOf } from "../living-row.ts";
import { type AlgorithmChoice, algorithmsInTurn } from "./algorithm-choice.ts";
import { firstThatSigns, firstUse } from "./key-plan.ts";
import { scheduledKeysOf } from "./signing-key.ts";

/** An algorithm that was chosen does not sign yet: not every cached JWK Set has its first key. */
export interface SigningStart {
  readonly startsAt: Date;
  /** What signs until then. */
  readonly signsMeanwhile: SigningAlgorithm;
}

/** When a workspace's algorithm signs; `undefined`: it does, or the workspace may not be seen. */
export async function workspaceSigningStart(actor: Actor, workspaceId: string): Promise<SigningStart | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "settings:read", workspace)) return undefined;
  return startOf(read, workspaceId, []);
}

/** When a client's algorithm signs, its own or its workspace's; `undefined`: it does, or the client may not be seen. */
export async function clientSigningStart(actor: Actor, clientId: string): Promise<SigningStart | undefined> {
  const read = readerOf(actor);
  const client = await livingRow(read, clients, clientId);
  if (!client || !mayRead(actor, "client:read", targetOf(client))) return undefined;
  return startOf(read, client.workspaceId, [client]);
}

async function startOf(
  { tx, tenantId, now }: Reader,
  workspaceId: string,
  nearer: readonly AlgorithmChoice[],
): Promise<SigningStart | undefined> {
  const isIt = and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, workspaceId));
  const above = await tx.select().from(workspaces).where(isIt);
  const inTurn = algorithmsInTurn([...nearer, ...above]);
  const [chosen] = inTurn;
  if (chosen === undefined) return undefined;
  const keys = await scheduledKeysOf(tx, { tenantId, workspaceId });
  const startsAt = firstUse(keys, chosen, now);
  const signsMeanwhile = firstThatSigns(keys, inTurn, now);
  return startsAt && signsMeanwhile && { startsAt, signsMeanwhile };
}
