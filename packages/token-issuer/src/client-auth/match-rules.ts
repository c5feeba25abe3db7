import type { FederatedCredential } from "../store.ts";
import type { JsonObject } from "../strict-json.ts";
import { soleAudience } from "./client-assertion.ts";
import { type Difference, differenceOf } from "./difference.ts";

/** What a federated credential asks of a token, in the order that it is asked. */
export interface RuleCheck {
  /** `iss`, `aud`, or the claim. */
  readonly rule: string;
  readonly expected: string;
  /** What the token says instead of it, as text; `undefined`: nothing. */
  readonly presented: string | undefined;
  readonly holds: boolean;
}

/** A credential that does not fit, and the first of its rules that fails. */
export interface NearMiss extends Omit<RuleCheck, "holds"> {
  readonly credential: FederatedCredential;
  /** How many of its rules fail. */
  readonly failing: number;
  readonly difference: Difference;
}

/** Compares a token with what a credential asks of it. Nothing of the token is believed by that. */
export function checkRules({ issuer, audience, claims }: FederatedCredential, token: JsonObject): readonly RuleCheck[] {
  const check = (rule: string, expected: string, value: unknown): RuleCheck => {
    const presented = textOf(value);
    return { rule, expected, presented, holds: isScalar(value) && presented === expected };
  };
  return [
    check("iss", issuer, issuerOf(token)),
    check("aud", audience, soleAudience(token["aud"])),
    ...Object.entries(claims).map(([name, value]) => check(name, value, claimOf(token, name))),
  ];
}

/** The credential that a token misses by the least: by the fewest rules, then by the fewest characters. */
export function nearestMiss(credentials: readonly FederatedCredential[], token: JsonObject): NearMiss | undefined {
  const misses = credentials.flatMap((credential) => {
    const failed = checkRules(credential, token).filter(({ holds }) => !holds);
    const [first] = failed;
    if (!first) return [];
    const { rule, expected, presented } = first;
    const difference = differenceOf(expected, presented);
    return [{ credential, rule, expected, presented, failing: failed.length, difference }];
  });
  const [nearest] = misses.toSorted(
    (one, other) => one.failing - other.failing || one.difference.distance - other.difference.distance,
  );
  return nearest;
}

const SPIFFE = /^(spiffe:\/\/[^/]+)\//;

/** Who says it: SPIFFE's tokens need no `iss`, their `sub` begins with the trust domain (JWT-SVID §3). */
function issuerOf({ iss, sub }: JsonObject): unknown {
  return iss === undefined && typeof sub === "string" ? SPIFFE.exec(sub)?.[1] : iss;
}

/** The value of a claim, or what a JSON Pointer (RFC 6901) leads to: Kubernetes' claims lie in objects. */
function claimOf(token: JsonObject, name: string): unknown {
  if (!name.startsWith("/")) return own(token, name);
  return name
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, part) => own(value, part), token);
}

const own = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const isScalar = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : isScalar(value) ? String(value) : JSON.stringify(value);
