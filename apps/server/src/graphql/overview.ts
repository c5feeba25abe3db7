import { listExpiringCredentials, type TokenActivity, tokenActivity, workspaceCounts } from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { loadClient } from "./load.ts";
import { ClientRef, CredentialRef, TokenActivityRef, WorkspaceCountsRef, WorkspaceRef } from "./refs.ts";

WorkspaceCountsRef.implement({
  description: "How much a workspace holds; null where you may not see such things.",
  ...carrier,
  fields: (t) => ({
    resources: t.int({ ...needs("resource:read"), nullable: true, resolve: (counts) => counts.resources() }),
    clients: t.int({ ...needs("client:read"), nullable: true, resolve: (counts) => counts.clients() }),
    apiTokens: t.int({
      ...needs("api-token:read"),
      nullable: true,
      description: "API tokens that work now.",
      resolve: (counts) => counts.apiTokens(),
    }),
    activeCredentials: t.int({
      ...needs("client-secret:read"),
      nullable: true,
      description: "Credentials of clients that work now.",
      resolve: async (counts) => (await counts.credentials())?.active ?? null,
    }),
    expiringCredentials: t.int({
      ...needs("client-secret:read"),
      nullable: true,
      description: "Of those, the ones that end within 14 days.",
      resolve: async (counts) => (await counts.credentials())?.expiring ?? null,
    }),
  }),
});

const TokenHourRef = builder.objectRef<TokenActivity["hours"][number]>("TokenHour");
TokenHourRef.implement({
  description: "One of the last 24 hours by the clock, in UTC; the current one is not over.",
  ...carrier,
  fields: (t) => ({
    from: t.expose("from", { type: "DateTime" }),
    issued: t.exposeInt("issued"),
    refused: t.exposeInt("refused"),
  }),
});

const RefusalReasonRef = builder.objectRef<TokenActivity["reasons"][number]>("RefusalReason");
RefusalReasonRef.implement({
  ...carrier,
  fields: (t) => ({ reason: t.exposeString("reason"), count: t.exposeInt("count") }),
});

const BusyClientRef = builder.objectRef<TokenActivity["busiest"][number]>("BusyClient");
BusyClientRef.implement({
  ...carrier,
  fields: (t) => ({
    clientId: t.expose("client", { type: "ClientId" }),
    client: t.field({
      description: "Null when it is gone.",
      type: ClientRef,
      nullable: true,
      resolve: ({ client }, _, { actor }) => loadClient(actor, client),
    }),
    issued: t.exposeInt("issued"),
  }),
});

TokenActivityRef.implement({
  description: "What a token endpoint did in the last 24 hours by the clock.",
  ...carrier,
  fields: (t) => ({
    hours: t.field({
      description: "Twenty-four, oldest first.",
      type: [TokenHourRef],
      resolve: ({ hours }) => [...hours],
    }),
    clients: t.exposeInt("clients", { description: "How many clients got a token." }),
    busiest: t.field({
      description: "The clients that got the most tokens, at most five.",
      type: [BusyClientRef],
      resolve: ({ busiest }) => [...busiest],
    }),
    reasons: t.field({
      description: "Why others got none, the most frequent first, at most ten.",
      type: [RefusalReasonRef],
      resolve: ({ reasons }) => [...reasons],
    }),
    lastIssuedAt: t.expose("lastIssuedAt", {
      type: "DateTime",
      nullable: true,
      description: "When the newest token was issued; null when there is none in the log.",
    }),
    isComplete: t.exposeBoolean("isComplete", {
      description: "False when more was refused than is looked through: the reasons then say less than happened.",
    }),
  }),
});

builder.objectFields(WorkspaceRef, (t) => ({
  counts: t.field({
    ...needs("workspace:read"),
    description: "How much it holds.",
    type: WorkspaceCountsRef,
    resolve: ({ id }, _, { actor }) => workspaceCounts(actor, id),
  }),
  expiringCredentials: t.field({
    ...needs("client-secret:read"),
    description:
      "At most ten credentials of clients, not revoked, that end within 14 days or ended as recently; first the first.",
    type: [CredentialRef],
    nullable: true,
    resolve: async ({ id }, _, { actor }) => [...(await listExpiringCredentials(actor, id))],
  }),
  tokenActivity: t.field({
    ...needs("token-log:read"),
    description: "What its token endpoint did in the last 24 hours.",
    type: TokenActivityRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => tokenActivity(actor, id),
  }),
}));
