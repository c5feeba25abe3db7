/** What the token log keeps of one decision. `evidence` never holds a secret. */
export type TokenRecord = IssuedRecord | RefusedRecord;

interface RecordBase {
  readonly correlationId: string;
  readonly at: Date;
  /** The caller's address as the socket (or a trusted proxy) gave it. */
  readonly address: string;
  /** `User-Agent`, cut to 256 characters. */
  readonly agent: string | undefined;
}

/** A token that is about to leave. */
export interface IssuedRecord extends RecordBase {
  readonly outcome: "issued";
  readonly jti: string;
  /** Internal id of the client, and what it presented as `client_id`. */
  readonly client: string;
  readonly clientId: string;
  readonly credentialId: string;
  readonly method: string;
  /** The identifiers of the APIs the token is for, with spaces. */
  readonly resource: string;
  readonly scope: string;
  readonly kid: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** What the caller presented and may present only once; the store takes all of it together with the row, or nothing is kept. */
  readonly replays: readonly ReplayId[];
}

/** An assertion or proof that may be used once in its workspace. */
export interface ReplayId {
  readonly id: string;
  /** When it would be refused anyway. */
  readonly expiresAt: Date;
}

/** A request that was refused: the failure's reason and its evidence. */
export interface RefusedRecord extends RecordBase {
  readonly outcome: "refused";
  readonly reason: string;
  readonly evidence: Readonly<Record<string, string | number | readonly string[]>>;
  /** Internal id of the client where one was found, and what the caller presented (cut to 128). */
  readonly client: string | undefined;
  readonly clientId: string | undefined;
}
