import { tokenLog } from "@mintmark/db/schema";
import { and, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { instantOf } from "../change/audit-filter.ts";

/** Which token decisions are wanted. What is left out, or null, does not narrow the list; texts are whole ones. */
export interface TokenLogFilter {
  /** The client's own id, `cli_…`; one of elsewhere has none here. */
  readonly clientId?: string | null | undefined;
  /** What was sent as client_id, whether or not there is such a client. */
  readonly sentClientId?: string | null | undefined;
  readonly credentialId?: string | null | undefined;
  readonly outcome?: "issued" | "refused" | null | undefined;
  readonly reason?: string | null | undefined;
  readonly resource?: string | null | undefined;
  /** One of the token's scopes. */
  readonly scope?: string | null | undefined;
  readonly address?: string | null | undefined;
  /** The one request, `req_…`. */
  readonly correlationId?: string | null | undefined;
  /** The one token, its `jti`. */
  readonly tokenId?: string | null | undefined;
  /** ISO 8601: from that instant on. */
  readonly from?: string | null | undefined;
  /** ISO 8601: before that instant. */
  readonly to?: string | null | undefined;
}

/** A NUL is kept in no row. */
export const keepable = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/** A filter as conditions over `token_log`. */
export interface TokenLogConditions {
  /** What an index leads to. */
  readonly led: SQL | undefined;
  /** What each row must be looked at for. */
  readonly looked: SQL | undefined;
}

const is = (column: Parameters<typeof eq>[0], text: string | null | undefined): SQL | undefined =>
  typeof text === "string" ? sql`${column} = ${keepable(text)}` : undefined;

/** @throws Refusal INVALID_INPUT for an instant that is none */
export function tokenLogConditions(filter: TokenLogFilter): TokenLogConditions {
  const [from, to] = [instantOf(filter.from, "from"), instantOf(filter.to, "to")];
  const { reason, scope } = filter;
  return {
    led: and(
      is(tokenLog.client, filter.clientId),
      // Only a refusal has a reason, and refusals have an index.
      filter.outcome === "refused" || typeof reason === "string" ? eq(tokenLog.outcome, "refused") : undefined,
      from && gte(tokenLog.at, from),
      to && lt(tokenLog.at, to),
    ),
    looked: and(
      filter.outcome === "issued" ? eq(tokenLog.outcome, "issued") : undefined,
      is(tokenLog.reason, reason),
      is(tokenLog.clientId, filter.sentClientId),
      is(tokenLog.credentialId, filter.credentialId),
      is(tokenLog.resource, filter.resource),
      typeof scope === "string" ? sql`${keepable(scope)} = any(string_to_array(${tokenLog.scope}, ' '))` : undefined,
      is(tokenLog.address, filter.address),
      is(tokenLog.correlationId, filter.correlationId),
    ),
  };
}
