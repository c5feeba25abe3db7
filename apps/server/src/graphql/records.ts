import { changesOf, getAuditEntry } from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { AuditOutcome, TokenOutcome } from "./enums.ts";
import { Node, registerNode } from "./node.ts";
import {
  AuditChangeRef,
  AuditEntryConnection,
  AuditEntryRef,
  TokenLogEntryConnection,
  TokenLogEntryRef,
} from "./refs.ts";

/** On a search that looks through so much at a time and no more. */
const LOOKED_BACK_TO =
  "Set where a search ended before the log's end: everything since was looked at. It goes on from endCursor.";
builder.objectField(AuditEntryConnection, "lookedBackTo", (t) =>
  t.expose("lookedBackTo", { type: "DateTime", nullable: true, description: LOOKED_BACK_TO }),
);
builder.objectField(TokenLogEntryConnection, "lookedBackTo", (t) =>
  t.expose("lookedBackTo", { type: "DateTime", nullable: true, description: LOOKED_BACK_TO }),
);

registerNode("auditEvent", "AuditEntry", getAuditEntry);

AuditEntryRef.implement({
  description: "One admin act: done, or refused.",
  interfaces: [Node],
  ...needs("audit:read"),
  fields: (t) => ({
    sequence: t.exposeInt("sequence", { description: "Its number in the workspace's hash chain." }),
    at: t.expose("at", { type: "DateTime" }),
    type: t.expose("type", { type: "AuditEventType" }),
    outcome: t.expose("outcome", { type: AuditOutcome }),
    actor: t.exposeString("actor", {
      description: "The client's or member's id, `cli` for a command on the server, `server` for the server itself.",
    }),
    actorName: t.exposeString("actorName", {
      nullable: true,
      description: "The client's or member's name as it is now; null when they are gone.",
    }),
    clientName: t.exposeString("clientName", {
      nullable: true,
      description:
        "The name, as it is now, of the client that it is about; null when it is gone, or you may not see it.",
    }),
    resourceName: t.exposeString("resourceName", {
      nullable: true,
      description: "The name, as it is now, of the resource that it is about; null when it is gone.",
    }),
    correlationId: t.expose("correlationId", { type: "CorrelationId" }),
    body: t.expose("body", { type: "JSON", description: "What happened, by the event's type." }),
    address: t.exposeString("address", { nullable: true }),
    agent: t.exposeString("agent", { nullable: true }),
    changes: t.field({
      ...needs("audit:read"),
      description: "What it changed, thing by thing, as far as you may see such things. Digests are never among it.",
      type: [AuditChangeRef],
      resolve: async (entry, _, { actor }) => [...(await changesOf(actor, entry))],
    }),
  }),
});

AuditChangeRef.implement({
  description: "One thing before and after an act.",
  ...carrier,
  fields: (t) => ({
    kind: t.exposeString("kind", { description: "What it is: `client`, `clientGrant`, `resource` …" }),
    id: t.exposeString("id"),
    before: t.expose("before", { type: "JSON", nullable: true, description: "Null where the act made it." }),
    after: t.expose("after", { type: "JSON", nullable: true, description: "Null where the act removed it." }),
  }),
});

TokenLogEntryRef.implement({
  description: "One decision of a token endpoint.",
  ...needs("token-log:read"),
  fields: (t) => ({
    id: t.exposeID("id", { description: "The token's `jti`, or the correlation id of a refusal." }),
    at: t.expose("at", { type: "DateTime" }),
    outcome: t.expose("outcome", { type: TokenOutcome }),
    correlationId: t.expose("correlationId", { type: "CorrelationId" }),
    client: t.expose("client", { type: "ClientId", nullable: true, description: "Null where none was found." }),
    clientName: t.exposeString("clientName", {
      nullable: true,
      description: "That client's name as it is now; null when it is gone, or you may not see it.",
    }),
    clientId: t.exposeString("clientId", { nullable: true, description: "What was sent as client_id." }),
    credentialId: t.exposeString("credentialId", { nullable: true }),
    method: t.exposeString("method", { nullable: true }),
    resource: t.exposeString("resource", { nullable: true }),
    scope: t.exposeString("scope", { nullable: true }),
    kid: t.expose("kid", { type: "KeyId", nullable: true }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true }),
    reason: t.exposeString("reason", { nullable: true, description: "Why it was refused." }),
    evidence: t.expose("evidence", { type: "JSON", nullable: true }),
    explanation: t.exposeString("explanation", {
      description: "Reason and evidence in a sentence, for you; null where the token was issued.",
      nullable: true,
    }),
    told: t.exposeString("told", {
      description: "What the caller could read, as `error_description`; null where the token was issued.",
      nullable: true,
    }),
    count: t.exposeInt("count", { description: "How many equal refusals this stands for." }),
    address: t.exposeString("address"),
    agent: t.exposeString("agent", { nullable: true }),
  }),
});
