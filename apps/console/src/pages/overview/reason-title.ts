/** Why a request was refused, in a few words; the code stands beside it. */
const TITLES: Readonly<Record<string, string>> = {
  unknown_client: "Unknown client",
  unknown_secret: "Wrong secret",
  secret_expired: "Secret expired",
  secret_revoked: "Secret revoked",
  secret_not_yet_valid: "Secret not valid yet",
  client_disabled: "Client disabled",
  method_not_allowed_for_client: "Way of authentication not allowed",
  too_many_failures: "Too many failed authentications",
  client_limit_reached: "Limit of the client reached",
  issuer_limit_reached: "Limit of the workspace reached",
  no_client_authentication: "No client authentication",
  two_authentication_methods: "Two ways of authentication at once",
  unsupported_client_authentication: "Way of authentication not supported",
  malformed_basic: "Authorization header cannot be read",
  scope_not_granted: "Scope not granted",
  no_granted_scopes: "No scope granted",
  unknown_scope: "Unknown scope",
  malformed_scope: "Scope cannot be read",
  resource_not_granted: "No access to that API",
  unknown_resource: "Unknown API",
  resource_ambiguous: "API not named, several possible",
  several_resources: "Several APIs at once",
  resource_and_audience_differ: "Resource and audience differ",
  malformed_resource: "Resource cannot be read",
  unsupported_grant_type: "Grant type not supported",
  issuer_suspended: "Workspace suspended",
  issuance_stopped: "Issuing stopped",
  no_signing_key: "No active signing key",
  missing_parameter: "Parameter missing",
  duplicated_parameter: "Parameter given twice",
  token_too_large: "Token would be too large",
  cut_off_ahead: "Tokens were just ended",
  store_unavailable: "Database unavailable",
};

export function reasonTitle(reason: string): string {
  const spaced = reason.replaceAll("_", " ");
  return TITLES[reason] ?? (spaced.charAt(0).toUpperCase() + spaced.slice(1) || "No reason kept");
}
