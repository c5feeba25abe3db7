import { anonymous, clientPrincipal, type Installation, type Principal } from "@mintmark/domain";
import {
  type Failure,
  type IssuerPath,
  isFailure,
  readBearer,
  type TokenIssuer,
  unverifiedIssuer,
} from "@mintmark/token-issuer";

/** What finding out who asks stands on. */
export interface Gate {
  readonly installation: Installation;
  readonly issuer: TokenIssuer;
}

/**
 * Who a request comes from: a client with an access token of its tenant's own admin or system workspace, for that
 * workspace's own API; anonymous without a credential. A credential that is no good is a failure, never "nobody".
 */
export async function principalOf(
  { installation, issuer }: Gate,
  headers: readonly (readonly [string, string])[],
): Promise<Principal | Failure> {
  const token = readBearer({ headers });
  if (isFailure(token)) return token.reason === "no_credential" ? anonymous : token;
  const claimed = unverifiedIssuer(token);
  if (claimed === undefined) return { reason: "malformed_token", problem: "claims" };
  const path = specialWorkspace(installation.origin, claimed);
  if (!path) return { reason: "wrong_issuer" };
  const checked = await issuer.check(path, token, `${claimed}/api`);
  if (isFailure(checked)) return checked;
  const { tenantId, workspaceId } = checked.issuer;
  const principal = await clientPrincipal(installation, {
    tenantId,
    workspaceId,
    clientId: checked.client.id,
    tokenScopes: checked.scope,
  });
  return principal ?? { reason: "token_client_unknown", clientId: checked.claims.client_id };
}

/** The path of an issuer that may open the product's own APIs: their slugs can belong to no other workspace. */
function specialWorkspace(origin: string, issuer: string): IssuerPath | undefined {
  if (!issuer.startsWith(`${origin}/`)) return undefined;
  const [, tenant, workspace] = /^([a-z0-9][a-z0-9-]*)\/(admin|system)$/.exec(issuer.slice(origin.length + 1)) ?? [];
  return tenant === undefined || workspace === undefined ? undefined : { tenant, workspace };
}
