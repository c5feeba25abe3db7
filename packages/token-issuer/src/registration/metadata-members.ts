import type { Failure, MetadataProblem } from "../failure.ts";
import { cut } from "../request.ts";
import type { JsonObject } from "../strict-json.ts";

/** A member whose value is not as it has to be. */
export const wrong = (member: string, problem: MetadataProblem, allowed: readonly string[] = []): Failure => ({
  reason: "invalid_client_metadata",
  member,
  problem,
  allowed: allowed.map((name) => cut(name, 256)).slice(0, 20),
});

/** A member's value; null is none (RFC 7592 §2.2). */
export const given = (document: JsonObject, member: string): unknown =>
  Object.hasOwn(document, member) ? (document[member] ?? undefined) : undefined;

export function readText(document: JsonObject, member: string): string | undefined | Failure {
  const value = given(document, member);
  return value === undefined || typeof value === "string" ? value : wrong(member, "type");
}

export function readFlag(document: JsonObject, member: string): boolean | Failure {
  const value = given(document, member) ?? false;
  return typeof value === "boolean" ? value : wrong(member, "type");
}

/** Empty where there is none. */
export function readList(document: JsonObject, member: string): readonly string[] | Failure {
  const value = given(document, member) ?? [];
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  return isList ? value : wrong(member, "type");
}
