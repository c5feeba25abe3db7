import type { Tag } from "../token-path/drops.ts";
import type { FeedRow, TouchedName } from "../token-path/feed-cursor.ts";

/** The copies in memory that a change makes out of date. What is not named here is not in memory. */
export const tagsOf = ({ tenantId, touched }: FeedRow): readonly Tag[] =>
  touched.flatMap((thing) => tagsOfThing(thing, tenantId));

function tagsOfThing(thing: TouchedName, tenantId: string): readonly Tag[] {
  const { kind, id, workspaceId = "", clientId, memberId, gone } = thing;
  switch (kind) {
    case "client":
      return [id, `no client ${workspaceId}`, `ended ${workspaceId}`];
    case "clientSecret":
    case "clientKey":
    case "clientCertificate":
    case "federatedCredential":
    case "clientGrant":
      return clientId === undefined ? [] : [clientId];
    // A member's role is the bound of the clients that are theirs.
    case "assignment":
      return [...(clientId === undefined ? [] : [clientId]), ...(memberId === undefined ? [] : [`member ${memberId}`])];
    case "member":
      return [`member ${id}`];
    case "apiToken":
      return [id, `no token ${workspaceId}`];
    case "apiTokens":
      return [`tokens ${workspaceId}`];
    case "role":
      return [`clients ${workspaceId}`];
    // A client's copy names resources and scopes, and another one may get the name of one that is gone.
    case "resource":
    case "scope":
      return gone ? [`workspace ${workspaceId}`, `clients ${workspaceId}`] : [`workspace ${workspaceId}`];
    case "resourceServer":
    case "signingKey":
    case "clientAuthority":
    case "initialAccessToken":
      return [`workspace ${workspaceId}`];
    case "workspace":
      return [`workspace ${id}`, "no issuer"];
    case "tenant":
      return [`tenant ${tenantId}`, `tenant ${id}`, "no issuer"];
    case "installation":
      return ["installation"];
    default:
      return [];
  }
}
