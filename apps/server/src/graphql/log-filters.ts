import type { ArgBuilder } from "@pothos/core";
import type { Types } from "./builder.ts";
import { AuditOutcome, TokenOutcome } from "./enums.ts";

const times = (arg: ArgBuilder<Types>) => ({
  from: arg({ type: "DateTime", description: "From that instant on." }),
  to: arg({ type: "DateTime", description: "Before that instant." }),
});

/** What narrows the audit log: each condition holds for each entry. */
export const auditFilterArgs = (arg: ArgBuilder<Types>) => ({
  type: arg({ type: "AuditEventType" }),
  outcome: arg({ type: AuditOutcome }),
  actor: arg({ type: "ActorId", description: "Only this one's acts." }),
  target: arg.string({ description: "The id of what it is about: a client's, a member's, a resource's …" }),
  reason: arg.string({
    description: "Why it was refused: a code, e.g. `FORBIDDEN`, or the reason that the entry gives.",
  }),
  address: arg.string({ description: "From where: a whole address." }),
  correlationId: arg({ type: "CorrelationId" }),
  ...times(arg),
  search: arg.string({
    description: "Part of a type, of a name or of what it says; or a whole correlation id or address.",
  }),
});

/** What narrows the token log: each condition holds for each decision; texts are whole ones. */
export const tokenLogFilterArgs = (arg: ArgBuilder<Types>) => ({
  clientId: arg({ type: "ClientId", description: "Only the decisions about this client." }),
  sentClientId: arg({ type: "OAuthClientId", description: "What was sent as client_id." }),
  credentialId: arg.string({ description: "The id of the credential that the token rests on." }),
  outcome: arg({ type: TokenOutcome }),
  reason: arg.string({ description: "Why it was refused, e.g. `unknown_scope`." }),
  resource: arg.string({ description: "The token's `aud`." }),
  scope: arg.string({ description: "One of the token's scopes." }),
  address: arg.string({ description: "From where: a whole address." }),
  correlationId: arg({ type: "CorrelationId" }),
  tokenId: arg({ type: "TokenId", description: "The token's `jti`." }),
  ...times(arg),
});
