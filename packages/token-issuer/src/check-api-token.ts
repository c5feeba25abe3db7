import type { Call } from "./call.ts";
import type { Failure } from "./failure.ts";
import { intersectScopes, type ScopeSet } from "./scope.ts";
import type { ApiToken, Client, Issuer } from "./store.ts";

/** A static token that is good now, with what its client holds now as far as it reaches. */
export interface CheckedApiToken {
  readonly issuer: Issuer;
  /** Whom it acts for. */
  readonly client: Client;
  readonly token: ApiToken;
  /** Resource identifier → scopes that it is good for; nothing is left out but what is empty. */
  readonly held: ReadonlyMap<string, ScopeSet>;
}

/**
 * Checks a static token of a client against the store.
 *
 * @throws StoreUnavailable when the store cannot answer
 */
export async function checkApiToken(
  { store, clock, issuer }: Pick<Call, "store" | "clock" | "issuer">,
  value: string,
): Promise<CheckedApiToken | Failure> {
  if (issuer.status === "suspended") return { reason: "api_token_issuer_suspended" };
  const token = await store.findApiToken(issuer, value);
  if (!token) return { reason: "unknown_api_token" };
  const { id: apiTokenId, clientId, revokedAt, expiresAt } = token;
  if (revokedAt) return { reason: "api_token_revoked", apiTokenId, revokedAt };
  if (expiresAt && expiresAt <= clock.now()) return { reason: "api_token_expired", apiTokenId, expiredAt: expiresAt };
  const client = await store.findClient(issuer, clientId);
  if (client?.id !== token.owner) return { reason: "api_token_client_unknown", apiTokenId, clientId };
  if (client.status !== "active") return { reason: "api_token_client_disabled", apiTokenId, clientId };
  return { issuer, client, token, held: heldBy(token, client, issuer) };
}

/** What is granted now ∩ what the token was narrowed to ∩ what exists. Pure. */
function heldBy({ permissions }: ApiToken, { grants }: Client, { resources }: Issuer): CheckedApiToken["held"] {
  const held = [...grants].flatMap(([identifier, granted]): [string, ScopeSet][] => {
    const existing = intersectScopes(granted, resources.get(identifier)?.scopes ?? new Set());
    const scope = permissions ? intersectScopes(existing, permissions.get(identifier) ?? new Set()) : existing;
    return scope.size > 0 ? [[identifier, scope]] : [];
  });
  return new Map(held);
}
