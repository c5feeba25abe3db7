import {
  type AuditEntry,
  allowWatching,
  listConfigurationChanges,
  Refusal,
  signedIn,
  type TokenMinute,
  type TokenPulse,
  tokenMinutes,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder, type GraphqlContext } from "./builder.ts";
import type { Doorbell } from "./doorbell.ts";
import { WorkspaceRef } from "./refs.ts";
import type { Ended } from "./streams.ts";
import { callerOf, stillWatching } from "./watching.ts";

const TokenMinuteRef = builder.objectRef<TokenMinute>("TokenMinute");
TokenMinuteRef.implement({
  description: "One minute of a token endpoint by the clock; the current one is not over.",
  ...carrier,
  fields: (t) => ({
    from: t.expose("from", { type: "DateTime" }),
    issued: t.exposeInt("issued"),
    refused: t.exposeInt("refused"),
    p50: t.exposeFloat("p50", {
      nullable: true,
      description: "Milliseconds that half of its tokens took at most, to a fifth; null where there was none.",
    }),
    p99: t.exposeFloat("p99", { nullable: true, description: "The same for 99 of 100." }),
  }),
});

const PulseSecondRef = builder.objectRef<TokenPulse["seconds"][number]>("TokenSecond");
PulseSecondRef.implement({
  description: "One second of a token endpoint that is over.",
  ...carrier,
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime" }),
    issued: t.exposeInt("issued"),
    refused: t.exposeInt("refused"),
  }),
});

const ConfigurationChangeRef = builder.objectRef<AuditEntry>("ConfigurationChange");
ConfigurationChangeRef.implement({
  description: "An act that left a version of something in history, as the audit log tells it.",
  ...carrier,
  fields: (t) => ({
    id: t.exposeID("id", { description: "The audit entry's." }),
    at: t.expose("at", { type: "DateTime" }),
    type: t.expose("type", { type: "AuditEventType" }),
    actor: t.exposeString("actor"),
    actorName: t.exposeString("actorName", { nullable: true }),
    clientName: t.exposeString("clientName", { nullable: true }),
    resourceName: t.exposeString("resourceName", { nullable: true }),
    body: t.expose("body", { type: "JSON" }),
  }),
});

/** What a stream of pulses tells. */
interface PulseEvent extends TokenPulse {
  readonly changed: boolean;
}

const TokenPulseRef = builder.objectRef<PulseEvent>("TokenPulse");
TokenPulseRef.implement({
  description: "What a token endpoint does now, at all servers together.",
  ...carrier,
  fields: (t) => ({
    seconds: t.field({
      description:
        "At most ten, oldest first. Each pulse tells most seconds of the one before again, and may have heard more.",
      type: [PulseSecondRef],
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ seconds }) => [...seconds],
    }),
    p50: t.exposeFloat("p50", {
      nullable: true,
      description:
        "Milliseconds that half of the tokens of these seconds took at most, to a fifth; null: there was none.",
    }),
    p99: t.exposeFloat("p99", { nullable: true, description: "The same for 99 of 100." }),
    changed: t.exposeBoolean("changed", {
      description: "Something in the tenant was changed since the pulse before: what was read may be out of date.",
    }),
  }),
});

builder.objectFields(WorkspaceRef, (t) => ({
  tokenMinutes: t.field({
    ...needs("token-log:read"),
    description: "What its token endpoint did in the last sixty minutes and in the current one, oldest first.",
    type: [TokenMinuteRef],
    nullable: true,
    // One question, however many they are.
    complexity: { field: 5, multiplier: 1 },
    resolve: async ({ id }, _, { actor }) => {
      const minutes = await tokenMinutes(actor, id);
      return minutes && [...minutes];
    },
  }),
  configurationChanges: t.field({
    ...needs("audit:read"),
    description: "The acts of the last hour that changed its configuration, newest first, at most a hundred.",
    type: [ConfigurationChangeRef],
    nullable: true,
    resolve: async ({ id }, _, { actor }) => [...(await listConfigurationChanges(actor, id))],
  }),
}));

async function watch(context: GraphqlContext, workspaceId: string): Promise<Doorbell<PulseEvent | Ended>> {
  const { actor, standing, streams, pulses } = context;
  await allowWatching(actor, workspaceId, "token-log:read");
  const sessionId = await standing.sessionId();
  const stop = pulses.watch(workspaceId);
  try {
    return streams.open<PulseEvent>({
      caller: callerOf(actor),
      tenantId: signedIn(actor).tenantId,
      sessionId,
      judge: async () => {
        const judged = await stillWatching(context, workspaceId, "token-log:read");
        return "failure" in judged ? judged.failure : undefined;
      },
      event: (changed) => ({ ...pulses.pulse(workspaceId), changed }),
      onEnd: stop,
    });
  } catch (error) {
    stop();
    throw error;
  }
}

builder.subscriptionField("tokenPulse", (t) =>
  t.field({
    ...needs("token-log:read"),
    description: "What a workspace's token endpoint does, about once a second.",
    type: TokenPulseRef,
    args: { workspaceId: t.arg({ type: "WorkspaceId", required: true }) },
    subscribe: (_, { workspaceId }, context) => watch(context, workspaceId),
    resolve: (event) => {
      if ("failure" in event) throw new Refusal(event.failure);
      return event;
    },
  }),
);
