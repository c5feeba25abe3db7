/** A request as plain data: what any HTTP server can hand over without a framework. */
export interface IssuerRequest {
  readonly method: string;
  /** The raw query without `?`; empty when there is none. */
  readonly query: string;
  /** Raw header pairs in order, repeated names kept: two `Authorization` headers must be seen as two. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The raw body, or `"too-large"` when the server stopped reading at {@link BODY_LIMIT}. */
  readonly body: Uint8Array | "too-large";
  /** The caller's address as the socket or a trusted proxy gave it. */
  readonly address: string;
  /** The DER of the certificate whose key the caller has proved to hold; absent: it showed none. */
  readonly certificate?: Uint8Array;
  /** The DER of certificates that it showed with it, which may lead to an authority; absent: none. */
  readonly certificatesBetween?: readonly Uint8Array[];
  /** Names this request in answers and logs. */
  readonly correlationId: string;
}

/** An answer as plain data. `body` is absent where there is none. */
export interface IssuerResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The slugs below which an issuer answers. */
export interface IssuerPath {
  readonly tenant: string;
  readonly workspace: string;
  /** The status list that is asked for. */
  readonly list?: string;
  /** The `client_id` whose registration is asked for, as the path has it. */
  readonly client?: string;
}

/** Bytes of a request body that are read at most. */
export const BODY_LIMIT = 65_536;

/** All values of one header, in order; names are case-insensitive (RFC 9110 §5.1). */
export function headerValues(request: Pick<IssuerRequest, "headers">, name: string): string[] {
  const values: string[] = [];
  for (const [key, value] of request.headers) {
    if (key.length === name.length && key.toLowerCase() === name) values.push(value);
  }
  return values;
}

/** What a form or a client sends, cut so that nobody fills the log. */
export const cut = (text: string, length = 128): string => (text.length > length ? text.slice(0, length) : text);
