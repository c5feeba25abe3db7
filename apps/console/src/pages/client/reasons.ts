/** Why a token request of a known client was refused, for those who look after it. Unknown names are shown as they are. */
const REASONS: Readonly<Record<string, string>> = {
  client_disabled: "The client is disabled.",
  method_not_allowed_for_client: "It authenticated in a way that its settings do not allow.",
  unknown_secret: "It sent a secret that it does not have.",
  secret_not_yet_valid: "Its secret is not valid yet.",
  secret_expired: "Its secret has expired.",
  secret_revoked: "Its secret was revoked.",
  unknown_client_key: "It signed with a key that it does not have.",
  client_key_not_yet_valid: "Its key is not valid yet.",
  client_key_expired: "Its key has expired.",
  client_key_revoked: "Its key was revoked.",
  assertion_replayed: "It sent the same assertion twice.",
  too_many_failures: "Too many failed authentications came from its network.",
  client_limit_reached: "It reached its limit of token requests.",
  issuer_limit_reached: "The workspace reached its limit of token requests.",
  issuer_suspended: "The workspace is suspended.",
  issuance_stopped: "Issuing is stopped.",
  malformed_scope: "The scope parameter cannot be read.",
  unknown_scope: "The API has no such scope.",
  scope_not_granted: "It asked for a scope that it is not granted.",
  no_granted_scopes: "It is granted no scope of that API.",
  malformed_resource: "The resource is no absolute URI without a fragment.",
  resource_and_audience_differ: "The parameters resource and audience name different APIs.",
  resource_scopes_differ: "It asked for several APIs at once, and its scopes there differ.",
  unknown_resource: "No API here has that identifier.",
  resource_not_granted: "It has no access to that API.",
  resource_ambiguous: "It named no API and has access to several.",
  token_too_large: "The token would be too large: grant fewer scopes, or ask for fewer.",
  unsupported_grant_type: "It asked for a grant type that is not supported.",
  no_signing_key: "The workspace has no active signing key.",
  token_expired: "Its token has expired.",
  token_revoked: "Its token was revoked.",
  token_cut_off: "Its token is from before its tokens were ended.",
  token_client_disabled: "The client is disabled.",
  wrong_audience: "Its token is for another API.",
  insufficient_scope: "Its token lacks a scope that the API needs.",
  api_token_expired: "Its API token has expired.",
  api_token_revoked: "Its API token was revoked.",
  api_token_ungranted: "Its API token is good for nothing at this API.",
  cut_off_ahead: "Its tokens were just ended. It may ask again in a moment.",
};

export const reasonWords = (reason: string | null | undefined): string =>
  reason ? (REASONS[reason] ?? reason.replaceAll("_", " ")) : "";

/** The scopes that a refusal names, where it names any. */
export function scopesOf(evidence: Record<string, unknown> | null | undefined): readonly string[] {
  const scope = evidence?.["scope"];
  if (typeof scope === "string") return [scope];
  return Array.isArray(scope) ? scope.filter((one) => typeof one === "string") : [];
}
