import type { Call } from "./call.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { awaitCutOff } from "./cut-off.ts";
import { type Failure, isFailure } from "./failure.ts";
import { decide, type Grant } from "./grant-policy.ts";
import type { ClientCredentialsRequest } from "./token-request.ts";

/**
 * The client credentials grant: an authenticated client asks for a token in its own name (RFC 6749 §4.4).
 * It waits for its own cut-off to pass, and is then judged by what is granted to it at that instant.
 */
export async function grantClientCredentials(
  call: Call,
  request: ClientCredentialsRequest,
  client: AuthenticatedClient,
): Promise<Grant | Failure> {
  const now = await awaitCutOff(call, client.client);
  if (isFailure(now)) return now;
  return decide(request, client, { issuer: call.issuer }, now, call.recorder);
}
