import type { CredentialsClient, CredentialsWorkspace } from "../client-credentials.tsx";
import { words as settingWords } from "../settings/text.ts";
import type { Ceiling, SecretOwner } from "./add-secret.tsx";
import { workingSecrets } from "./state.ts";

/** What the sheets must know of a client to make a secret for it and to try it out. */
export function ownerOf(client: CredentialsClient, workspace: CredentialsWorkspace, now: number): SecretOwner {
  const { issuer, tokenEndpoint, jwksUri } = workspace;
  const { settings } = client;
  const lifetime = settings?.clientSecretLifetime;
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
    dpop: settings?.dpop.value === "REQUIRED",
    ceiling: ceilingOf(lifetime),
    working: workingSecrets(client.credentials?.nodes ?? [], now),
  };
}

type Lifetime = NonNullable<CredentialsClient["settings"]>["clientSecretLifetime"];

/** How long a new credential may live, by the setting of its kind. */
export const ceilingOf = (lifetime: Lifetime | undefined): Ceiling => ({
  days: lifetime?.value ?? null,
  from: lifetime ? settingWords.levels[lifetime.level] : "",
});
