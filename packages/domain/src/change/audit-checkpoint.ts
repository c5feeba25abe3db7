import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { LEAST_AUDIT_DAYS } from "../settings/settings.ts";
import type { Keyring } from "../tenancy/keyring.ts";
import type { ChainEnd } from "./audit-chain.ts";
import { canonicalJson } from "./audit-hash.ts";

/** How far a chain had come, signed by the installation: kept outside the database it shows what was cut or sealed anew. */
const signedCheckpoint = z.object({
  tenantId: z.string(),
  workspaceId: z.string(),
  /** For people: `acme/payments` as it was called then. */
  place: z.string(),
  sequence: z.int().min(0),
  /** SHA-256 of that row, in hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** Set where retention cut the chain up to and with that row. */
  cut: z.object({ lastAt: z.iso.datetime(), days: z.int() }).optional(),
  /** Ed25519 over all members but this one as canonical JSON, in base64url. */
  signature: z.string(),
});

/** One line of a file of checkpoints. */
export type AuditCheckpoint = Readonly<z.infer<typeof signedCheckpoint>>;

/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410 §7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

const signingKey = (keyring: Keyring): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(keyring.secretFor("audit checkpoints"), "base64url")]),
    format: "der",
    type: "pkcs8",
  });

const signedText = ({ signature: _, ...members }: AuditCheckpoint): Buffer => Buffer.from(canonicalJson(members));

export function signCheckpoint(keyring: Keyring, members: Omit<AuditCheckpoint, "signature">): AuditCheckpoint {
  const unsigned = { ...members, signature: "" };
  return { ...members, signature: sign(null, signedText(unsigned), signingKey(keyring)).toString("base64url") };
}

/**
 * Reads a file of checkpoints, one JSON object a line; lines of a log that hold one as `auditCheckpoint` are read as well,
 * all others left out.
 *
 * @returns the checkpoints, and the numbers of the lines that hold one which this installation did not sign, or that is damaged
 */
export function readCheckpoints(
  keyring: Keyring,
  text: string,
): { readonly checkpoints: readonly AuditCheckpoint[]; readonly foreign: readonly number[] } {
  const key = createPublicKey(signingKey(keyring));
  const foreign: number[] = [];
  const checkpoints = text.split("\n").flatMap((line, at) => {
    const checkpoint = parse(line);
    if (!checkpoint && !CLAIMS.test(line)) return [];
    if (checkpoint && isSigned(key, checkpoint)) return [checkpoint];
    foreign.push(at + 1);
    return [];
  });
  return { checkpoints, foreign };
}

/**
 * The last row that retention cut off a chain, where this installation signed so, of that chain, and of rows that had had
 * their time. A checkpoint that only saw the row says nothing of the kind.
 */
export function readCut(
  keyring: Keyring,
  chain: { readonly tenantId: string; readonly workspaceId: string },
  value: unknown,
): ChainEnd | undefined {
  const checkpoint = signedCheckpoint.safeParse(value).data;
  if (!checkpoint?.cut || !isSigned(createPublicKey(signingKey(keyring)), checkpoint)) return undefined;
  const { tenantId, workspaceId, sequence, hash, at, cut } = checkpoint;
  const isOfChain = tenantId === chain.tenantId && workspaceId === chain.workspaceId;
  const hadItsTime = Date.parse(at) - Date.parse(cut.lastAt) >= LEAST_AUDIT_DAYS * 86_400_000;
  return isOfChain && hadItsTime ? { sequence, hash: Buffer.from(hash, "hex") } : undefined;
}

const isSigned = (key: KeyObject, checkpoint: AuditCheckpoint): boolean =>
  verify(null, signedText(checkpoint), key, Buffer.from(checkpoint.signature, "base64url"));

/** A line that holds a checkpoint, readable or not: members' names stand so in no text of JSON. */
const CLAIMS = /"(?:auditCheckpoint|signature)"\s*:/;

function parse(line: string): AuditCheckpoint | undefined {
  try {
    const value = JSON.parse(line) as { auditCheckpoint?: unknown } | null;
    return signedCheckpoint.safeParse(value?.auditCheckpoint ?? value).data;
  } catch {
    return undefined;
  }
}
