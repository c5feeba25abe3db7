import {
  createTenantApiToken,
  type NamedWorkspace,
  revokeTenantClientTokens,
  revokeTenantToken,
  workspaceOfIssuer,
} from "@mintmark/domain";
import {
  audiencesOf,
  type CheckedAccessToken,
  type Failure,
  isFailure,
  operatorSentence,
  unverifiedIssuer,
} from "@mintmark/token-issuer";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { deleted, mutation, shownOnce } from "./mutation.ts";

/** What became of looking at a token, and where it is from. */
interface Inspected {
  readonly workspace: NamedWorkspace | undefined;
  readonly checked: CheckedAccessToken | Failure | undefined;
}

const failureOf = ({ checked }: Inspected): Failure | undefined =>
  checked && isFailure(checked) ? checked : undefined;
const goodOf = ({ checked }: Inspected): CheckedAccessToken | undefined =>
  checked && !isFailure(checked) ? checked : undefined;
const instant = (seconds: number | undefined): Date | null => (seconds === undefined ? null : new Date(seconds * 1000));

const TokenState = builder.objectRef<Inspected>("TokenState");
TokenState.implement({
  description: "What an access token is: what it carries while it is good, why it is no good otherwise.",
  ...carrier,
  fields: (t) => ({
    isActive: t.boolean({ resolve: (token) => goodOf(token) !== undefined }),
    reason: t.string({
      nullable: true,
      description:
        "Why it is no good, by its stable name; null while it is good, and for what is no token of your tenant.",
      resolve: (token) => failureOf(token)?.reason ?? null,
    }),
    explanation: t.string({
      description: "The same in words.",
      resolve: (token) => {
        const failure = failureOf(token);
        if (failure) return operatorSentence(failure);
        return goodOf(token) ? "The token is good." : "This is no access token of a workspace of your tenant.";
      },
    }),
    workspaceId: t.field({
      type: "WorkspaceId",
      nullable: true,
      description: "The workspace that it names as its issuer.",
      resolve: ({ workspace }) => workspace?.id ?? null,
    }),
    workspaceSlug: t.field({ type: "Slug", nullable: true, resolve: ({ workspace }) => workspace?.slug ?? null }),
    id: t.field({ type: "TokenId", nullable: true, resolve: (token) => goodOf(token)?.claims.jti ?? null }),
    clientId: t.field({
      type: "ClientId",
      nullable: true,
      description: "The client that it was issued to.",
      resolve: (token) => goodOf(token)?.client.id ?? null,
    }),
    subject: t.string({ nullable: true, resolve: (token) => goodOf(token)?.claims.sub ?? null }),
    audience: t.field({
      type: ["ResourceIdentifier"],
      description: "The APIs that it is for.",
      resolve: (token) => [...(goodOf(token) ? audiencesOf((goodOf(token) as CheckedAccessToken).claims) : [])],
    }),
    scopes: t.field({ type: ["ScopeName"], resolve: (token) => [...(goodOf(token)?.scope ?? [])] }),
    issuedAt: t.field({
      type: "DateTime",
      nullable: true,
      resolve: (token) => instant(goodOf(token)?.claims.iat),
    }),
    expiresAt: t.field({
      type: "DateTime",
      nullable: true,
      resolve: (token) => instant(goodOf(token)?.claims.exp),
    }),
  }),
});

builder.queryField("introspectToken", (t) =>
  t.field({
    ...needs("tenant-token:read"),
    description:
      "What an access token of any workspace of your tenant is, and why it is no good where it is none. It is neither kept nor logged.",
    type: TokenState,
    args: { token: t.arg.string({ required: true }) },
    resolve: async (_, { token }, { actor, issuer }): Promise<Inspected> => {
      const claimed = unverifiedIssuer(token);
      const workspace = await workspaceOfIssuer(actor, claimed ?? "");
      if (!workspace || claimed === undefined) return { workspace: undefined, checked: undefined };
      // The last two parts of an issuer's address are its tenant and its workspace.
      const [tenant = "", slug = ""] = claimed.split("/").slice(-2);
      return { workspace, checked: await issuer.inspect({ tenant, workspace: slug }, token) };
    },
  }),
);

mutation("revokeTenantToken", {
  permission: "tenant-token:revoke",
  description:
    "Takes back one living token of any workspace of your tenant. Whoever introspects sees it; a status list does not show it.",
  run: revokeTenantToken,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    id: t.field({ type: "TokenId", required: true }),
  }),
  payload: deleted("revokedTokenId", "TokenId"),
});

mutation("revokeTenantClientTokens", {
  permission: "tenant-token:revoke",
  description: "Takes back all tokens that a client of any workspace of your tenant has so far.",
  run: revokeTenantClientTokens,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: deleted("revokedClientId", "ClientId"),
});

mutation("createTenantApiToken", {
  permission: "tenant-api-token:write",
  description:
    "Makes an API token for an application of any tenant and shows it once, or imports one by its value or unsalted SHA-256, whether or not that tenant lets its members make them. It is listed there as made by the operator, and follows its application's access.",
  run: createTenantApiToken,
  showsSecret: ({ value, sha256 }) => value == null && sha256 == null,
  input: (t) => ({
    tenantId: t.field({ type: "TenantId", required: true }),
    clientId: t.field({ type: "ClientId", required: true, description: "Of a custom workspace." }),
    name: t.string({ required: true }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never, where the settings allow that." }),
    value: t.string({ description: "One that exists elsewhere: at least 32 characters without spaces." }),
    sha256: t.string({ description: "The same by its hash: 64 hexadecimal digits or 43 characters of base64url." }),
  }),
  payload: (t) => ({
    apiTokenId: t.field({ type: "ApiTokenId", nullable: true, resolve: ({ id }) => id }),
    secret: t.string({
      nullable: true,
      description: "The value of a new one; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});
