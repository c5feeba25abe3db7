import type { Call } from "./call.ts";
import { systemClock } from "./clock.ts";
import { type Failure, isFailure } from "./failure.ts";
import type { TokenIssuerOptions } from "./options.ts";
import type { Recorder } from "./recorder.ts";
import { cut, type IssuerPath, type IssuerRequest } from "./request.ts";
import type { Issuer } from "./store.ts";

/** Finds the issuer a request is for. */
export async function route(
  options: TokenIssuerOptions,
  path: IssuerPath,
  request: IssuerRequest,
  recorder: Recorder,
): Promise<Call | Failure> {
  const issuer = await findIssuer(options, path);
  if (isFailure(issuer)) return issuer;
  return { store: options.store, clock: options.clock ?? systemClock, path, issuer, request, recorder };
}

/** The issuer at a path, byte for byte: another case or a trailing slash is never a second issuer. */
export async function findIssuer(
  { store }: Pick<Call, "store">,
  { tenant, workspace }: IssuerPath,
): Promise<Issuer | Failure> {
  const issuer = await store.findIssuer(tenant, workspace);
  return issuer ?? { reason: "issuer_not_found", tenant: cut(tenant), workspace: cut(workspace) };
}
