import type { Call } from "./call.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import type { Failure } from "./failure.ts";
import { privateHeaders } from "./failure-response.ts";
import type { Introspection } from "./introspection.ts";
import { headerValues, type IssuerRequest, type IssuerResponse } from "./request.ts";
import { signJwt } from "./sign-jwt.ts";
import { chooseSigningKey } from "./signing-keys.ts";

const TYPE = "application/token-introspection+jwt";
/** Seconds that whoever keeps the answer as evidence can surely find its key for. */
const KEPT = 300;

/** Whether the caller wants the answer signed (RFC 9701 §4): it names the type, and does not like JSON better. */
export function wantsSigned(request: IssuerRequest): boolean {
  const signed = liking(request, TYPE);
  return signed > 0 && signed >= liking(request, "application/json");
}

/** How much a type is liked, 0 to 1, where it is named (RFC 9110 §12.5.1). */
function liking(request: IssuerRequest, type: string): number {
  for (const part of headerValues(request, "accept").flatMap((value) => value.split(","))) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    if (name !== type) continue;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
  }
  return 0;
}

/** The answer that was decided, as a JWT for its caller alone (RFC 9701 §5): the same as in JSON, and no more. */
export async function signedIntrospection(
  { issuer, clock }: Call,
  caller: AuthenticatedClient,
  answer: Introspection,
): Promise<IssuerResponse | Failure> {
  const now = clock.now();
  const key = chooseSigningKey(issuer, now, KEPT);
  if (!key) return { reason: "no_signing_key", alg: issuer.signingAlgorithm };
  const claims = {
    iss: issuer.url,
    aud: caller.client.clientId,
    iat: Math.floor(now.getTime() / 1000),
    token_introspection: answer,
  };
  const body = await signJwt(key, "token-introspection+jwt", claims);
  return { status: 200, headers: { ...privateHeaders, "Content-Type": TYPE }, body };
}
