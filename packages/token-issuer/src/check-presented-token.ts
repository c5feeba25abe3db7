import type { Call } from "./call.ts";
import { type CheckedAccessToken, checkAccessToken } from "./check-access-token.ts";
import { holderProblem, type Target } from "./confirmation.ts";
import { type Failure, isFailure } from "./failure.ts";
import { notBearer, type PresentedToken } from "./presented-token.ts";

/**
 * Checks a token as the API that it was sent to does: that it is good, and that its sender may use it.
 *
 * @param target the request that it came with; `undefined` where that is not known
 * @throws StoreUnavailable when the store cannot answer
 */
export async function checkPresentedToken(
  call: Pick<Call, "store" | "clock" | "issuer" | "nonceKey">,
  presented: PresentedToken,
  audience: string,
  target: Target | undefined,
): Promise<CheckedAccessToken | Failure> {
  if (presented.isAlias && !call.issuer.acceptsJwtScheme) return notBearer;
  const checked = await checkAccessToken(call, presented.token, audience);
  if (isFailure(checked)) return checked;
  const isPlain = presented.scheme === "Bearer" && checked.claims.cnf === undefined;
  return (isPlain ? undefined : await holderProblem(call, checked, presented, target)) ?? checked;
}
