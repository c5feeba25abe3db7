import {
  type Actor,
  type AuditEntry,
  allowWatching,
  type LogTail,
  Refusal,
  signedIn,
  type TokenLogEntry,
  tailAuditLog,
  tailTokenLog,
  type Watching,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder, type GraphqlContext } from "./builder.ts";
import { auditFilterArgs, tokenLogFilterArgs } from "./log-filters.ts";
import { AuditEntryRef, TokenLogEntryRef } from "./refs.ts";
import type { Ended } from "./streams.ts";
import { callerOf, stillWatching } from "./watching.ts";

const words = {
  entries: "Oldest first, at most a hundred.",
  cursor: "Pass it as `after` to come back, at any server: no entry is told twice, and none is left out.",
  isWhole: "False where more happened than is looked through: read the log anew.",
};
/** Entries of one event at most, for what they cost. */
const PER_EVENT = { field: 1, multiplier: 100 };

const AuditTailRef = builder.objectRef<LogTail<AuditEntry>>("AuditTail");
AuditTailRef.implement({
  description: "What the audit log has had since the event before.",
  ...carrier,
  fields: (t) => ({
    entries: t.field({
      description: words.entries,
      type: [AuditEntryRef],
      complexity: PER_EVENT,
      resolve: ({ entries }) => [...entries],
    }),
    cursor: t.expose("cursor", { type: "Cursor", description: words.cursor }),
    isWhole: t.exposeBoolean("isWhole", { description: words.isWhole }),
  }),
});

const TokenLogTailRef = builder.objectRef<LogTail<TokenLogEntry>>("TokenLogTail");
TokenLogTailRef.implement({
  description: "What the token log has had since the event before.",
  ...carrier,
  fields: (t) => ({
    entries: t.field({
      description: words.entries,
      type: [TokenLogEntryRef],
      complexity: PER_EVENT,
      resolve: ({ entries }) => [...entries],
    }),
    cursor: t.expose("cursor", { type: "Cursor", description: words.cursor }),
    isWhole: t.exposeBoolean("isWhole", { description: words.isWhole }),
  }),
});

/** Follows a log: a look at each beat, and at once where there is more already. */
async function follow<T>(
  context: GraphqlContext,
  { workspaceId, permission, after }: { workspaceId: string; permission: Watching; after: string | null | undefined },
  look: (actor: Actor, after: string | undefined) => Promise<LogTail<T>>,
): Promise<AsyncIterableIterator<LogTail<T> | Ended>> {
  const { standing, streams } = context;
  let { actor } = context;
  await allowWatching(actor, workspaceId, permission);
  // A bad cursor or filter is refused before anything is open; what it finds is told at once.
  let waiting: LogTail<T> | undefined = await look(actor, after ?? undefined);
  let { cursor } = waiting;
  const bell = streams.open<"beat">({
    caller: callerOf(actor),
    tenantId: signedIn(actor).tenantId,
    sessionId: await standing.sessionId(),
    judge: async () => {
      const judged = await stillWatching(context, workspaceId, permission);
      if ("failure" in judged) return judged.failure;
      actor = judged;
      return undefined;
    },
    event: () => "beat",
    onEnd: () => undefined,
  });
  bell.ring();

  const next = async (): Promise<IteratorResult<LogTail<T> | Ended>> => {
    for (;;) {
      const { done, value } = await bell.next();
      if (done) return { done, value };
      if (value !== "beat") return { done: false, value };
      try {
        const told = waiting ?? (await look(actor, cursor));
        waiting = undefined;
        ({ cursor } = told);
        if (told.hasMore) bell.ring();
        return { done: false, value: told };
      } catch (error) {
        // The database is away: the next beat comes when it is back.
        if (error instanceof Refusal) bell.end({ failure: error.failures[0] ?? { code: "UNAUTHENTICATED" } });
      }
    }
  };
  const events: AsyncIterableIterator<LogTail<T> | Ended> = {
    next,
    return: () => bell.return() as Promise<IteratorResult<LogTail<T>>>,
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}

/** The event as it is told; an end with its reason. */
function toldOrEnded<T>(event: LogTail<T> | Ended): LogTail<T> {
  if ("failure" in event) throw new Refusal(event.failure);
  return event;
}

builder.subscriptionFields((t) => ({
  auditTail: t.field({
    ...needs("audit:read"),
    description: "New entries of a workspace's audit log, about once a second; as `auditEntries` narrows them.",
    type: AuditTailRef,
    args: {
      workspaceId: t.arg({ type: "WorkspaceId", required: true }),
      after: t.arg({ type: "Cursor", description: "The cursor of the last event; without one it begins now." }),
      ...auditFilterArgs(t.arg),
    },
    subscribe: (_, { workspaceId, after, ...filter }, context) =>
      follow(context, { workspaceId, permission: "audit:read", after }, (actor, cursor) =>
        tailAuditLog(actor, workspaceId, filter, cursor),
      ),
    resolve: toldOrEnded<AuditEntry>,
  }),
  tokenLogTail: t.field({
    ...needs("token-log:read"),
    description:
      "New decisions of a workspace's token endpoint, about once a second; as `tokenLog` narrows them. What a server could not write for a quarter of an hour is in the log alone.",
    type: TokenLogTailRef,
    args: {
      workspaceId: t.arg({ type: "WorkspaceId", required: true }),
      after: t.arg({ type: "Cursor", description: "The cursor of the last event; without one it begins now." }),
      ...tokenLogFilterArgs(t.arg),
    },
    subscribe: (_, { workspaceId, after, ...filter }, context) =>
      follow(context, { workspaceId, permission: "token-log:read", after }, (actor, cursor) =>
        tailTokenLog(actor, workspaceId, filter, cursor),
      ),
    resolve: toldOrEnded<TokenLogEntry>,
  }),
}));
