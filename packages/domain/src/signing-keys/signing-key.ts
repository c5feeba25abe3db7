import { randomBytes } from "node:crypto";
import type { Database, Transaction } from "@mintmark/db";
import { signingKeys } from "@mintmark/db/schema";
import {
  generateSigningKey,
  type KeyInstants,
  type SigningAlgorithm,
  type SigningKeyState,
  signingKeyState,
} from "@mintmark/token-issuer";
import { and, asc, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";
import { roomFor } from "../turns.ts";
import type { ScheduledKey } from "./key-plan.ts";

/** A signing key as people may see it: never its private part. */
export interface SigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly workspaceId: string;
  readonly alg: SigningAlgorithm;
  readonly state: SigningKeyState;
  readonly publishAt: Date;
  readonly activateAt: Date | null;
  readonly retireAt: Date | null;
  readonly removeAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  /** Public members only. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

export type SigningKeyRow = typeof signingKeys.$inferInsert;

/** Where a wrapped private key belongs: a row moved to another tenant, workspace, kid or algorithm does not open. */
export const signingKeyPlace = (tenantId: string, workspaceId: string, kid: string, alg: string): string =>
  [tenantId, workspaceId, kid, alg].join("|");

/** Where the wrapped secret belongs that seals opaque tokens while that key signs. */
export const sealingKeyPlace = (tenantId: string, workspaceId: string, kid: string): string =>
  signingKeyPlace(tenantId, workspaceId, kid, "A256GCM");

/** A new secret to seal opaque tokens with, wrapped. */
export function newSealingKey(
  { keyring }: Pick<Installation, "keyring">,
  { tenantId, workspaceId, kid }: Pick<SigningKeyRow, "tenantId" | "workspaceId" | "kid">,
): Buffer {
  const secret = randomBytes(32);
  const wrapped = keyring.seal(secret, sealingKeyPlace(tenantId, workspaceId, kid));
  secret.fill(0);
  return wrapped;
}

/** Node has four threads for keys and signatures together: several RSA keys at once would stop every token. */
const oneAtATime = roomFor(1);

/** A new key pair for an issuer, wrapped. RSA takes a tenth of a second: make it before any row is locked. */
export async function newSigningKeyRow(
  installation: Pick<Installation, "keyring">,
  key: {
    readonly tenantId: string;
    readonly workspaceId: string;
    readonly alg: SigningAlgorithm;
    readonly publishAt: Date;
    /** An issuer's first key is active at once; a later one only when every cached JWK Set has it. */
    readonly activateAt: Date;
    readonly retireAt?: Date | undefined;
    readonly removeAt?: Date | undefined;
  },
): Promise<SigningKeyRow> {
  const { kid, publicJwk, privateKey } = await oneAtATime(() => generateSigningKey(key.alg));
  const wrappedPrivateKey = installation.keyring.seal(
    privateKey,
    signingKeyPlace(key.tenantId, key.workspaceId, kid, key.alg),
  );
  privateKey.fill(0);
  const wrappedSealingKey = newSealingKey(installation, { ...key, kid });
  return { ...key, kid, publicJwk: { ...publicJwk }, wrappedPrivateKey, wrappedSealingKey, createdAt: key.publishAt };
}

/** What history keeps of a signing key. */
export const touchedSigningKey = (row: SigningKeyRow): Touched => ({
  kind: "signingKey",
  id: row.kid,
  workspaceId: row.workspaceId,
  body: {
    alg: row.alg,
    publicJwk: row.publicJwk,
    publishAt: row.publishAt,
    activateAt: row.activateAt,
    retireAt: row.retireAt,
    removeAt: row.removeAt,
    revokedAt: row.revokedAt,
  },
});

/** The signing keys of a workspace, oldest first, those of the past included; empty where it may not be seen. */
export async function listSigningKeys(actor: Actor, workspaceId: string): Promise<readonly SigningKey[]> {
  const { tx, tenantId, now } = readerOf(actor);
  const workspace = await findWorkspace(tx, tenantId, workspaceId);
  if (!workspace || !mayRead(actor, "workspace:read", { workspaceId, kind: workspace.kind })) return [];
  const rows = await tx
    .select({
      kid: signingKeys.kid,
      workspaceId: signingKeys.workspaceId,
      alg: signingKeys.alg,
      publicJwk: signingKeys.publicJwk,
      publishAt: signingKeys.publishAt,
      activateAt: signingKeys.activateAt,
      retireAt: signingKeys.retireAt,
      removeAt: signingKeys.removeAt,
      revokedAt: signingKeys.revokedAt,
      createdAt: signingKeys.createdAt,
    })
    .from(signingKeys)
    .where(and(eq(signingKeys.tenantId, tenantId), eq(signingKeys.workspaceId, workspaceId)))
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid));
  return rows.map((row) => ({ ...row, state: signingKeyState(instantsOf(row), now) }));
}

/** A workspace's keys as their schedule knows them, those of the past included. */
export async function scheduledKeysOf(
  tx: Database | Transaction,
  { tenantId, workspaceId }: { readonly tenantId: string; readonly workspaceId: string },
): Promise<readonly ScheduledKey[]> {
  const isOfIt = and(eq(signingKeys.tenantId, tenantId), eq(signingKeys.workspaceId, workspaceId));
  const rows = await tx.select().from(signingKeys).where(isOfIt);
  return rows.map((row) => ({ kid: row.kid, alg: row.alg, ...instantsOf(row) }));
}

export const instantsOf = (
  row: Pick<SigningKey, "publishAt" | "activateAt" | "retireAt" | "removeAt" | "revokedAt">,
): KeyInstants => ({
  publishAt: row.publishAt,
  activateAt: row.activateAt ?? undefined,
  retireAt: row.retireAt ?? undefined,
  removeAt: row.removeAt ?? undefined,
  revokedAt: row.revokedAt ?? undefined,
});
