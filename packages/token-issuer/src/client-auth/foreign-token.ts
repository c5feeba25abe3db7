import type { Call } from "../call.ts";
import type { CompactJws } from "../compact-jws.ts";
import type { KeySetProblem } from "../document.ts";
import type { ForeignTokenFailure } from "../failure.ts";
import { cut } from "../request.ts";
import type { ClientKey, FederatedCredential } from "../store.ts";
import { findKey, judge } from "./find-key.ts";
import { checkRules, type NearMiss, nearestMiss } from "./match-rules.ts";

/** What somebody else's token turned out to be to a client's federated credentials. */
export type ForeignToken =
  | { readonly state: "trusted"; readonly credential: FederatedCredential }
  | { readonly state: "no_credential" }
  | { readonly state: "missed"; readonly miss: NearMiss }
  | { readonly state: "early" | "expired" | "revoked"; readonly id: string; readonly at: Date }
  | { readonly state: "no_keys"; readonly credential: FederatedCredential; readonly problem: KeySetProblem }
  | { readonly state: "unknown_key"; readonly credential: FederatedCredential };

/** What a token is judged in: the workspace for which keys are looked up, and the time. */
export type Surroundings = Pick<Call, "clock" | "keySets"> & {
  readonly issuer: Pick<Call["issuer"], "tenantId" | "workspaceId">;
};

/**
 * Whether one of these credentials trusts a token: its rules first, and only then the keys of its issuer, so that nobody's
 * token makes the server ask anywhere but where a credential that it fits says. Time is judged elsewhere.
 */
export async function judgeForeignToken(
  call: Surroundings,
  credentials: readonly FederatedCredential[],
  token: CompactJws,
): Promise<ForeignToken> {
  const now = call.clock.now();
  const fitting = credentials.filter((one) => checkRules(one, token.payload).every(({ holds }) => holds));
  const credential = fitting.find((one) => judge(one, now).state === "live") ?? fitting[0];
  const judged = credential && judge(credential, now);
  const keys = credential && judged?.state === "live" ? await keysOf(call, credential, token) : [];
  // Whatever is wrong costs the same checks.
  const found = findKey(typeof keys === "string" ? [] : keys, token, now);
  if (!credential || !judged) {
    const miss = nearestMiss(credentials, token.payload);
    return miss ? { state: "missed", miss } : { state: "no_credential" };
  }
  if (judged.state !== "live") return judged;
  if (typeof keys === "string") return { state: "no_keys", credential, problem: keys };
  return found.state === "live" ? { state: "trusted", credential } : { state: "unknown_key", credential };
}

/** The keys that may have signed a token which a credential trusts, as the client's own. */
async function keysOf(
  { issuer: owner, keySets }: Surroundings,
  credential: FederatedCredential,
  token: CompactJws,
): Promise<readonly ClientKey[] | KeySetProblem> {
  const { issuer, keys: pasted } = credential;
  const keys = pasted ?? (await keySets.find(owner, { issuer }, token));
  return typeof keys === "string" ? keys : keys.map((key) => ({ ...credential, ...key }));
}

/** The header's `kid`, where it has one. */
export const kidOf = (header: CompactJws["header"]): string | undefined =>
  typeof header["kid"] === "string" ? header["kid"] : undefined;

/** The refusal of a token that is not trusted, with what would have to differ. */
export function foreignTokenFailure(
  judged: Exclude<ForeignToken, { readonly state: "trusted" }>,
  { header }: CompactJws,
): ForeignTokenFailure {
  switch (judged.state) {
    case "no_credential":
      return { reason: "no_federated_credential" };
    case "missed": {
      const { credential, difference, ...miss } = judged.miss;
      const { kind, distance } = difference;
      const evidence = { credentialId: credential.id, ...miss, presented: miss.presented ?? "" };
      return { reason: "federated_rule_missed", ...evidence, distance, difference: kind };
    }
    case "revoked":
      return { reason: "federated_credential_revoked", credentialId: judged.id, revokedAt: judged.at };
    case "expired":
      return { reason: "federated_credential_expired", credentialId: judged.id, expiredAt: judged.at };
    case "early":
      return { reason: "federated_credential_not_yet_valid", credentialId: judged.id, notBefore: judged.at };
    case "no_keys": {
      const { id: credentialId, issuer: address } = judged.credential;
      return { reason: "key_set_unavailable", credentialId, address, problem: judged.problem };
    }
    case "unknown_key": {
      const { id: credentialId, issuer } = judged.credential;
      return { reason: "unknown_federated_key", credentialId, issuer, kid: cut(kidOf(header) ?? "") };
    }
  }
}
