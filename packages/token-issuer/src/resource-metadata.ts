import { ASSERTION_ALGORITHMS } from "./client-auth/find-key.ts";
import type { Issuer } from "./store.ts";

/**
 * Metadata of the API that an issuer protects at `{issuer}/api` (RFC 9728 §2), or `undefined` where it has none: who
 * issues its tokens, how they are sent, and what they may allow.
 */
export function resourceMetadata({ url, resources, dpop }: Issuer): string | undefined {
  const api = resources.get(`${url}/api`);
  return (
    api &&
    JSON.stringify({
      resource: api.identifier,
      authorization_servers: [url],
      bearer_methods_supported: ["header"],
      scopes_supported: [...api.scopes].toSorted(),
      dpop_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      dpop_bound_access_tokens_required: dpop === "required",
    })
  );
}

/** Where that metadata stands: the well-known part between origin and path (RFC 9728 §3.1). */
export function resourceMetadataUrl(issuer: string): string {
  const { origin, pathname } = new URL(issuer);
  return `${origin}/.well-known/oauth-protected-resource${pathname}/api`;
}
