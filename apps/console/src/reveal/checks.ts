import type { Status } from "../ui/badge.tsx";
import type { Target } from "./revealed.ts";
import type { TestResult } from "./test-run.ts";
import { words } from "./text.ts";

/** One thing that was looked at in a token, and how it is. */
export interface Check {
  readonly id: string;
  readonly status: Status;
  readonly words: string;
}

type Issued = Extract<TestResult, { ok: true }>;

const SIGNATURE = {
  true: ["active", words.signature.valid],
  false: ["broken", words.signature.invalid],
  unsupported: ["attention", words.signature.unsupported],
  "no keys": ["attention", words.signature.noKeys],
  opaque: ["active", words.signature.opaque],
  "not opened": ["broken", words.signature.notOpened],
} as const satisfies Record<string, readonly [Status, string]>;

function signatureCheck({ signature }: Issued): Check {
  const [status, said] = SIGNATURE[`${signature}`];
  return { id: "signature", status, words: said };
}

function bindingCheck({ bound }: Issued): Check | undefined {
  if (bound === undefined) return undefined;
  return { id: "binding", status: bound ? "active" : "broken", words: bound ? words.bound : words.notBound };
}

function audienceCheck({ token }: Issued, target: Target): Check {
  const aud = token.claims["aud"];
  const fits = Array.isArray(aud) ? aud.includes(target.resource) : aud === target.resource;
  return fits
    ? { id: "audience", status: "active", words: words.audience(target.name) }
    : { id: "audience", status: "broken", words: words.wrongAudience };
}

function scopeCheck({ token }: Issued, target: Target): Check {
  const held = String(token.claims["scope"] ?? "").split(" ");
  const missing = target.scopes.filter((scope) => !held.includes(scope));
  return missing.length === 0
    ? { id: "scopes", status: "active", words: words.allScopes }
    : { id: "scopes", status: "attention", words: words.fewerScopes(missing.join(" ")) };
}

function verdictCheck({ verdict }: Issued): Check | undefined {
  if (!verdict) return undefined;
  if (verdict.allowed) return { id: "verify", status: "active", words: words.allowed(verdict.status) };
  const said = verdict.status === 0 ? words.unanswered : words.denied(verdict.status, verdict.why || verdict.code);
  return { id: "verify", status: "broken", words: said };
}

/** What was found out about a token that was issued, most basic first. */
export function checksOf(result: Issued, target: Target | undefined): readonly Check[] {
  const about = target ? [audienceCheck(result, target), scopeCheck(result, target), verdictCheck(result)] : [];
  return [signatureCheck(result), bindingCheck(result), ...about].filter((check) => check !== undefined);
}
