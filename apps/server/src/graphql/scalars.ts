import { GraphQLError, GraphQLScalarType } from "graphql";

/** Everything that names a row or has a grammar is its own scalar; bare `String` is free text. */
export const scalars = {
  TenantId: "The id of a tenant, `ten_…`.",
  WorkspaceId: "The id of a workspace, `wsp_…`.",
  ResourceId: "The id of a resource, `res_…`.",
  ScopeId: "The id of a scope, `scp_…`.",
  RoleId: "The id of a role, `rol_…`.",
  AssignmentId: "The id of an assignment, `asg_…`.",
  ClientId: "The id of a client, `cli_…`.",
  ClientSecretId: "The id of a client secret, `sec_…`; never the secret.",
  ClientKeyId: "The id of a client's public key, `key_…`; its own name is its `kid`.",
  ClientCertificateId: "The id of a client's certificate, `crt_…`.",
  ClientAuthorityId: "The id of an authority that signs clients' certificates, `cau_…`.",
  FederatedCredentialId: "The id of a federated credential, `fed_…`.",
  ApiTokenId: "The id of an API token, `tok_…`; never the token.",
  PersonalTokenId: "The id of a person's own token, `ptk_…`; never the token.",
  ClientGrantId: "The id of a client grant, `grt_…`.",
  InitialAccessTokenId: "The id of a token that registers clients, `iat_…`; never the token.",
  MemberId: "The id of a person in a tenant, `mem_…`.",
  InvitationId: "The id of a one-use link, `inv_…`; never its code.",
  SsoProviderId: "The id of a single sign-on provider, `sso_…`.",
  WebhookId: "The id of a webhook, `whk_…`.",
  EmailAddress: "An e-mail address, `you@example.com`, of at most 254 characters.",
  CorrelationId: "Names one request, `req_…`: it stands in answers and logs.",
  Slug: "A tenant's or workspace's name in addresses: 1-63 characters of a-z, 0-9 and -.",
  Cursor: "A place in a list; opaque.",
  OAuthClientId: "What a client sends as `client_id`: printable ASCII, RFC 6749 appendix A.1.",
  ResourceIdentifier: "An absolute URI without fragment (RFC 8707 §2); becomes `aud`.",
  ScopeName: "A scope as it stands in tokens, e.g. `orders:read` (RFC 6749 §3.3).",
  KeyId: "The `kid` of a signing key: its RFC 7638 thumbprint.",
  TokenId: "The `jti` of an access token, as the token log has it; never the token.",
  MutationId: "An idempotency key of the caller's choice, 1-128 characters; kept for 24 hours.",
  ActorId:
    "Who acted: the id of a client, a member or an initial access token, `cli` for a command on the server, `server` for the server itself.",
  AuditEventType: "The stable name of an event, e.g. `client.created`.",
} as const;

/** An instant on the way out; on the way in text, which the domain parses. */
const dateTime = "An instant in UTC as ISO 8601, e.g. `2027-01-31T12:00:00.000Z`.";
const json = "A JSON object.";

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new GraphQLError("This is written as a string.");
}

/** The scalars as graphql-js takes them. */
export const scalarTypes: readonly GraphQLScalarType[] = [
  ...Object.entries(scalars).map(
    ([name, description]) =>
      new GraphQLScalarType({ name, description, coerceOutputValue: text, coerceInputValue: text }),
  ),
  new GraphQLScalarType({
    name: "DateTime",
    description: dateTime,
    coerceOutputValue: (value) => (value instanceof Date ? value.toISOString() : text(value)),
    coerceInputValue: text,
  }),
  new GraphQLScalarType({ name: "JSON", description: json, coerceOutputValue: (value) => value }),
];
