import type { Issuer, TokenRecord } from "@mintmark/token-issuer";

/** One decision as its row: texts and numbers, ready to be sent or to be spooled. */
export interface TokenRow {
  /** The token's `jti`, or the correlation id where there is no token. */
  readonly jti: string;
  readonly tenantId: string;
  readonly workspaceId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: "issued" | "refused";
  readonly correlationId: string;
  readonly client: string | null;
  readonly clientId: string | null;
  readonly credentialId: string | null;
  readonly method: string | null;
  readonly resource: string | null;
  readonly scope: string | null;
  readonly kid: string | null;
  readonly expiresAt: string | null;
  readonly reason: string | null;
  /** JSON. */
  readonly evidence: string | null;
  /** How many equal refusals it stands for. */
  readonly count: number;
  readonly address: string;
  readonly agent: string | null;
  readonly feedNumber: number;
  /** What may become a token only once; such a row is never spooled. `expiresAt` is ISO 8601. */
  readonly replays?: readonly { readonly id: string; readonly expiresAt: string }[];
}

/** What callers send may hold half a character or a NUL, which PostgreSQL keeps in neither text nor JSON. */
const keepable = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");
const keepableOrNull = (text: string | undefined): string | null => (text === undefined ? null : keepable(text));

/** Our own secrets and tokens, and JWTs: somebody may send one where a name belongs. */
const SECRET = /\b(mm[a-z]_|eyJ)[0-9A-Za-z_.-]{20,}/g;
/** What a refused caller sent, as it may be kept for everybody who reads the log. */
const tellable = (text: string): string => keepable(text).replace(SECRET, "$1…");

const tellableJson = (evidence: object): string =>
  JSON.stringify(evidence, (_, value) => (typeof value === "string" ? tellable(value) : value));

/**
 * The row of a decision.
 *
 * @param feedNumber how far the tenant's counter was known when it was decided
 */
export function tokenRowOf({ tenantId, workspaceId }: Issuer, record: TokenRecord, feedNumber: number): TokenRow {
  const { correlationId, at, outcome, address } = record;
  const base = {
    tenantId,
    workspaceId,
    at: at.toISOString(),
    outcome,
    correlationId,
    clientId: keepableOrNull(record.clientId),
    address,
    agent: keepableOrNull(record.agent),
    count: 1,
    feedNumber,
  };
  if (record.outcome === "refused")
    return {
      ...base,
      ...untold,
      jti: correlationId,
      client: record.client ?? null,
      clientId: record.clientId === undefined ? null : tellable(record.clientId),
      reason: record.reason,
      evidence: tellableJson(record.evidence),
    };
  return {
    ...base,
    jti: record.jti,
    client: record.client,
    credentialId: record.credentialId,
    method: record.method,
    resource: record.resource,
    scope: record.scope,
    kid: record.kid,
    expiresAt: record.expiresAt.toISOString(),
    reason: null,
    evidence: null,
    ...(record.replays.length > 0 && {
      replays: record.replays.map(({ id, expiresAt }) => ({
        id: keepable(id),
        expiresAt: expiresAt.toISOString(),
      })),
    }),
  };
}

/** What a refusal has not come to. */
const untold = { credentialId: null, method: null, resource: null, scope: null, kid: null, expiresAt: null };
