import type { CredentialsClient, CredentialsWorkspace } from "../client-credentials.tsx";
import { ceilingOf } from "../expiry/expiry.ts";
import type { SecretOwner } from "./add-secret.tsx";
import { workingSecrets } from "./state.ts";

/** What the sheets must know of a client to make a secret for it and to try it out. */
export function ownerOf(client: CredentialsClient, workspace: CredentialsWorkspace, now: number): SecretOwner {
  const { issuer, tokenEndpoint, jwksUri } = workspace;
  const { settings } = client;
  const targets = (client.grants ?? []).flatMap(({ resource, scopes }) =>
    resource && scopes.length > 0 ? [{ resource: resource.identifier, name: resource.name, scopes }] : [],
  );
  return {
    id: client.id,
    clientId: client.clientId,
    name: client.name,
    issuer: { issuer, tokenEndpoint, jwksUri },
    targets,
    method: settings?.clientAuthenticationMethods.value.includes("CLIENT_SECRET_POST") === false ? "basic" : "post",
    takesCertificates: workspace.mtlsTokenEndpoint != null,
    dpop: settings?.dpop.value === "REQUIRED",
    ceiling: ceilingOf(settings?.clientSecretLifetime),
    working: workingSecrets(client.credentials?.nodes ?? [], now),
  };
}
