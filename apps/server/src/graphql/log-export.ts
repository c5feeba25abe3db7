import { createLogExport, getLogExport, type LogExport } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { AuditOutcome, TokenOutcome } from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";

registerNode("logExport", "LogExport", getLogExport);

const LogKind = builder.enumType("LogKind", {
  values: {
    AUDIT: { value: "audit", description: "Who changed what." },
    TOKENS: { value: "tokens", description: "Every decision of the token endpoint." },
  } as const,
});

const LogFormat = builder.enumType("LogFormat", {
  values: {
    CSV: { value: "csv", description: "RFC 4180, for spreadsheets; what they would take for a formula is disarmed." },
    NDJSON: { value: "ndjson", description: "One JSON object a line." },
    CEF: { value: "cef", description: "ArcSight's Common Event Format, version 0." },
  } as const,
});

const LogExportState = builder.enumType("LogExportState", {
  values: {
    WAITING: { value: "waiting", description: "Nobody has fetched it yet." },
    RUNNING: { value: "running", description: "It is being sent, or its fetching was broken off." },
    DONE: { value: "done" },
  } as const,
});

const LogExportRef = builder.objectRef<LogExport>("LogExport");
LogExportRef.implement({
  description: "A log that you asked for as a file. It rests nowhere: it is read while you fetch it.",
  interfaces: [Node],
  ...needs("audit:read"),
  fields: (t) => ({
    log: t.expose("log", { type: LogKind }),
    format: t.expose("format", { type: LogFormat }),
    path: t.string({
      description:
        "Where to fetch it on this server, by GET with the same credential; with a session, `?tenant=` and X-CSRF as here.",
      resolve: ({ id }) => `/exports/${id}`,
    }),
    total: t.exposeInt("total", {
      description: "Entries that the log had when you asked. Where you narrowed it, fewer are sent.",
    }),
    sent: t.exposeInt("sent", { description: "Entries sent so far." }),
    state: t.expose("state", { type: LogExportState }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", description: "Until then it can be fetched." }),
  }),
});

mutation("createLogExport", {
  permission: "audit:read",
  description:
    "Asks for a log as a file, the newest entries first, as it stands now; fetch it within a day. The token log needs token-log:read too.",
  run: createLogExport,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    log: t.field({ type: LogKind, required: true }),
    format: t.field({ type: LogFormat, required: true }),
    reason: t.string({ description: "Of either log, like address, correlationId, from and to." }),
    address: t.string(),
    correlationId: t.field({ type: "CorrelationId" }),
    from: t.field({ type: "DateTime" }),
    to: t.field({ type: "DateTime" }),
    search: t.string({
      description: "As in `auditEntries`; of the audit log only, like type, outcome, actor and target.",
    }),
    type: t.field({ type: "AuditEventType" }),
    outcome: t.field({ type: AuditOutcome }),
    actor: t.field({ type: "ActorId" }),
    target: t.string(),
    client: t.field({
      type: "ClientId",
      description:
        "Decisions about this client; of the token log only, like all that follow, which are as in `tokenLog`.",
    }),
    sentClientId: t.field({ type: "OAuthClientId" }),
    credentialId: t.string(),
    tokenOutcome: t.field({ type: TokenOutcome }),
    resource: t.string(),
    scope: t.string(),
    tokenId: t.string(),
  }),
  payload: changed("logExport", LogExportRef, getLogExport),
});
