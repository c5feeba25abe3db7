import { randomBytes } from "node:crypto";
import type { Place } from "./place.ts";

/** What names a row, by the schema's scalars: a new one of that place, made by its owner. */
export const rowScalars: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  TenantId: async (place) => place.tenant.id,
  WorkspaceId: async (place) => place.workspaceId,
  ResourceId: (place) => place.resource(),
  ScopeId: (place) => place.scope(),
  RoleId: (place) => place.role(),
  AssignmentId: (place) => place.assignment(),
  ClientId: (place) => place.client(),
  ClientSecretId: (place) => place.secret(),
  ClientKeyId: (place) => place.clientKey(),
  ClientCertificateId: (place) => place.clientCertificate(),
  ClientAuthorityId: (place) => place.clientAuthority(),
  FederatedCredentialId: (place) => place.federatedCredential(),
  MemberId: (place) => place.member(),
  InvitationId: (place) => place.invitation(),
  SsoProviderId: (place) => place.ssoProvider(),
  InitialAccessTokenId: (place) => place.initialAccessToken(),
  WebhookId: (place) => place.webhook(),
  ApiTokenId: (place) => place.apiToken(),
  ClientGrantId: (place) => place.grant(),
  KeyId: (place) => place.signingKey(),
  TokenId: (place) => place.token(),
};

/** The custom scalars that name no row by themselves, each with the reason. */
export const wordScalars: Readonly<Record<string, string>> = {
  ActorId: "filters a list that is already one workspace's",
  AuditEventType: "filters a list that is already one workspace's",
  Cursor: "a place in a list that is already one workspace's: tested by what the page holds",
  CorrelationId: "filters a list that is already one workspace's",
  DateTime: "an instant",
  EmailAddress: "whom an invitation was made for: for display, nobody is looked up by it",
  JSON: "stands in answers only",
  MutationId: "the caller's own word; another principal's is tested with idempotency",
  OAuthClientId: "names a client that is being made, or filters a list that is already one workspace's",
  PersonalTokenId: "a person's own: tested with personal tokens",
  ResourceIdentifier: "names a resource that is being made",
  ScopeName: "local to the resource that is named beside it",
  Slug: "names what is being made, or is looked up in the caller's tenant: tested by name",
};

/** A thumbprint of 32 bytes, or a `jti` of 16, in base64url; every other id has a prefix, and another length. */
const bare: ReadonlyMap<number, number> = new Map([
  [43, 32],
  [22, 16],
]);

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The same kind of id, which nothing ever had: the prefix and, where it has one, the time stay. */
export function randomOf(id: string): string {
  const bytes = bare.get(id.length);
  if (bytes !== undefined) return randomBytes(bytes).toString("base64url");
  const [prefix = "", body = ""] = id.split("_");
  const kept = body.length > 8 ? 7 : 0;
  const tail = [...randomBytes(body.length - kept)].map((byte) => ALPHABET[byte % 62]).join("");
  return `${prefix}_${body.slice(0, kept)}${tail}`;
}
