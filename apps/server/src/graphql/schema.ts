import { authoriseDirective, requireAnnotations } from "./authorise.ts";
import { builder } from "./builder.ts";
import "./api-token.ts";
import "./client.ts";
import "./client-authority.ts";
import "./client-certificate.ts";
import "./client-grant.ts";
import "./client-key.ts";
import "./federated-credential.ts";
import "./client-secret.ts";
import "./credential.ts";
import "./import.ts";
import "./initial-access-token.ts";
import "./invitation.ts";
import "./locked-out.ts";
import "./log-export.ts";
import "./log-tail.ts";
import "./former-member.ts";
import "./member.ts";
import "./overview.ts";
import "./personal-client.ts";
import "./own-name.ts";
import "./personal-token.ts";
import "./pulse.ts";
import "./records.ts";
import "./resource.ts";
import "./role.ts";
import "./secret-rotation.ts";
import "./settings.ts";
import "./signing-key.ts";
import "./sso-provider.ts";
import "./tenant.ts";
import "./tenant-change.ts";
import "./tenant-token.ts";
import "./token-use.ts";
import "./viewer.ts";
import "./webhook.ts";
import "./workspace.ts";
import { specifiedDirectives } from "graphql";

builder.queryType({ description: "What may be read." });
builder.mutationType({
  description:
    "What may be changed. Each call is one transaction, audited, and safe to repeat by clientMutationId. A payload without " +
    "userErrors says that it was done, even where its thing is null because the caller may not see it.",
});
builder.subscriptionType({
  description:
    "What is told as it happens, by server-sent events (Accept: text/event-stream). A stream ends with an error as soon as " +
    "its caller may not hear it any more, and without one when the server stops: ask again.",
});

/** The whole schema. Throws when a field says no authorisation. */
export const schema = requireAnnotations(
  builder.toSchema({ directives: [...specifiedDirectives, authoriseDirective] }),
);
