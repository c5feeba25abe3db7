import type { Call } from "./call.ts";
import { systemClock } from "./clock.ts";
import { processNonceKey } from "./dpop/nonce.ts";
import { type Failure, isFailure } from "./failure.ts";
import type { TokenIssuerOptions } from "./options.ts";
import { cut, type IssuerPath } from "./request.ts";
import type { Freshness, Issuer } from "./store.ts";

/** Finds the issuer a request is for. */
export async function route(
  options: TokenIssuerOptions,
  path: IssuerPath,
  { request, recorder, admission, keySets }: Pick<Call, "request" | "recorder" | "admission" | "keySets">,
  freshness: Freshness,
): Promise<Call | Failure> {
  const { store, clock = systemClock, nonceKey = processNonceKey, mtlsOrigin, registry } = options;
  const isAtHand = () => store.hasIssuer?.(path.tenant, path.workspace) ?? true;
  if (freshness === "cached" && !admission.mayLook(clock.now(), isAtHand)) return notFound(path);
  const issuer = await findIssuer(options, path, freshness);
  if (isFailure(issuer)) return issuer;
  const parts = { store, clock, nonceKey, mtlsOrigin, registry, path, issuer, freshness };
  return { ...parts, request, recorder, admission, keySets };
}

/** The same call at the issuer as it is now. */
export async function confirmed(call: Call): Promise<Call | Failure> {
  const issuer = await findIssuer(call, call.path, "confirmed");
  return isFailure(issuer) ? issuer : { ...call, issuer, freshness: "confirmed" };
}

/** The issuer at a path, byte for byte: another case or a trailing slash is never a second issuer. */
export async function findIssuer(
  { store }: Pick<Call, "store">,
  path: IssuerPath,
  freshness: Freshness,
): Promise<Issuer | Failure> {
  return (await store.findIssuer(path.tenant, path.workspace, freshness)) ?? notFound(path);
}

const notFound = ({ tenant, workspace }: IssuerPath): Failure => ({
  reason: "issuer_not_found",
  tenant: cut(tenant),
  workspace: cut(workspace),
});
