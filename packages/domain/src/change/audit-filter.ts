import { auditEvents, clients, formerMembers, initialAccessTokens, members, resources } from "@mintmark/db/schema";
import { and, eq, gte, ilike, lt, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { Refusal } from "../failure.ts";
import { instant } from "../input.ts";

/** Which entries of an audit log are wanted. What is left out, or null, does not narrow the list. */
export interface AuditFilter {
  readonly type?: string | null | undefined;
  readonly outcome?: "done" | "refused" | null | undefined;
  /** A client's, member's or initial access token's id, `cli` or `server`. */
  readonly actor?: string | null | undefined;
  /** The id of a thing that it is about: what the event names anywhere in it. */
  readonly target?: string | null | undefined;
  /** Why it was refused: one of the codes, or the reason that the event gives. */
  readonly reason?: string | null | undefined;
  /** From where: a whole address. An erased one is not found. */
  readonly address?: string | null | undefined;
  /** The one request, `req_…`. */
  readonly correlationId?: string | null | undefined;
  /** ISO 8601: from that instant on. */
  readonly from?: string | null | undefined;
  /** ISO 8601: before that instant. */
  readonly to?: string | null | undefined;
  /** Part of a type, of a name, or of what the event says; a whole correlation id, actor or address. */
  readonly search?: string | null | undefined;
}

/** The client and the resource that an entry is about, joined beside whoever acted. */
export const aboutClient = alias(clients, "about_client");
export const aboutResource = alias(resources, "about_resource");

/** Which names of things its reader may see; by others nothing is found. */
export interface NamesSeen {
  readonly clients: boolean;
  readonly resources: boolean;
}

const LONGEST_WORD = 255;

/** PostgreSQL keeps no NUL, and half a character is no text. */
export const plain = (text: string) => text.toWellFormed().replaceAll("\0", "").slice(0, LONGEST_WORD);

/** An instant that narrows a list. @throws Refusal INVALID_INPUT with that path */
export function instantOf(text: string | null | undefined, path: string): Date | undefined {
  if (text === null || text === undefined) return undefined;
  const parsed = instant.safeParse(text);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues[0]?.message ?? "This is no instant.";
  throw new Refusal({ code: "INVALID_INPUT", path: [path], problem, mend: "Correct it, or leave it out." });
}

/** Text anywhere in what people read of an entry; a `%` or `_` means itself. */
export const containing = (text: string): string => `%${plain(text).replace(/[\\%_]/g, "\\$&")}%`;

function matches(search: string, seen: NamesSeen): SQL | undefined {
  const pattern = containing(search);
  return or(
    ilike(auditEvents.type, pattern),
    eq(auditEvents.correlationId, plain(search)),
    eq(auditEvents.actor, plain(search)),
    sql`${auditEvents.personal} ->> 'address' = ${plain(search)}`,
    ilike(members.displayName, pattern),
    ilike(formerMembers.displayName, pattern),
    ilike(clients.name, pattern),
    ilike(initialAccessTokens.name, pattern),
    seen.clients ? ilike(aboutClient.name, pattern) : undefined,
    seen.resources ? ilike(aboutResource.name, pattern) : undefined,
    // Only what it says: the names of its members are ours.
    sql`exists (select from jsonb_each_text(${auditEvents.body}) said where said.value ilike ${pattern})`,
  );
}

const names = (id: string): SQL =>
  sql`jsonb_path_exists(${auditEvents.body}, '$.** ? (@ == $id)', jsonb_build_object('id', ${plain(id)}::text))`;

const isBecause = (reason: string): SQL =>
  sql`(${auditEvents.body} ->> 'reason' = ${plain(reason)} or jsonb_exists(${auditEvents.body} -> 'codes', ${plain(reason)}))`;

/**
 * The filter as a condition over `audit_events` joined with the names of who acted and of what it is about.
 *
 * @throws Refusal INVALID_INPUT for an instant that is none
 */
export function auditCondition(filter: AuditFilter, seen: NamesSeen): SQL | undefined {
  const [from, to] = [instantOf(filter.from, "from"), instantOf(filter.to, "to")];
  return and(
    filter.type ? eq(auditEvents.type, plain(filter.type)) : undefined,
    filter.outcome ? eq(auditEvents.outcome, filter.outcome) : undefined,
    filter.actor ? eq(auditEvents.actor, plain(filter.actor)) : undefined,
    filter.target ? names(filter.target) : undefined,
    filter.reason ? isBecause(filter.reason) : undefined,
    filter.address ? sql`${auditEvents.personal} ->> 'address' = ${plain(filter.address)}` : undefined,
    filter.correlationId ? eq(auditEvents.correlationId, plain(filter.correlationId)) : undefined,
    from && gte(auditEvents.at, from),
    to && lt(auditEvents.at, to),
    filter.search ? matches(filter.search, seen) : undefined,
  );
}
