import type { Call } from "./call.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import type { Binding } from "./confirmation.ts";
import type { Failure } from "./failure.ts";
import { decide, type Grant } from "./grant-policy.ts";
import type { ClientCredentialsRequest } from "./token-request.ts";

/** The client credentials grant: an authenticated client asks for a token in its own name (RFC 6749 §4.4). */
export const grantClientCredentials = (
  { issuer, clock, recorder }: Call,
  request: ClientCredentialsRequest,
  client: AuthenticatedClient,
  binding: Binding,
): Grant | Failure => decide(request, client, { issuer, binding }, clock.now(), recorder);
