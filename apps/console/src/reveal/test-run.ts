import { type Decoded, decodeJwt, isSignedBy } from "./jwt.ts";
import type { Revealed, Target } from "./revealed.ts";
import { verifyAddress } from "./revealed.ts";

/** Why a step did not pass, in the server's words, and the id that finds it in the log. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly why: string;
  readonly correlationId: string | undefined;
}

/** The issuer's own answer about a token: allowed, or why not. */
type Verdict = { readonly allowed: true; readonly status: number } | ({ readonly allowed: false } & Refused);

/** What came of one test. Times in milliseconds; instants of the claims in seconds, as in the token. */
export type TestResult =
  | { readonly ok: false; readonly refused: Refused; readonly took: number }
  | {
      readonly ok: true;
      readonly took: number;
      readonly status: number;
      readonly token: Decoded;
      readonly signature: boolean | "unsupported" | "no keys";
      /** Undefined where nothing was asked for: without an API there is nothing to verify. */
      readonly verdict: Verdict | undefined;
    };

/** The console may talk to its own origin only, which serves every issuer as well, whatever name they are known by. */
const here = (address: string): string => {
  const { pathname, search } = new URL(address);
  return pathname + search;
};

const correlationOf = (response: Response): string | undefined => response.headers.get("X-Correlation-Id") ?? undefined;

async function ask(address: string, init: RequestInit = {}): Promise<Response | undefined> {
  try {
    // biome-ignore lint/style/noRestrictedGlobals: the token endpoint, the keys and verify are no part of the admin API
    return await fetch(here(address), { credentials: "omit", cache: "no-store", ...init });
  } catch {
    return undefined;
  }
}

function tokenRequest({ clientId, secret, method }: Revealed, target: Target | undefined): RequestInit {
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  if (method === "post") body.append("client_id", clientId);
  if (method === "post") body.append("client_secret", secret);
  if (target) body.append("resource", target.resource);
  if (target && target.scopes.length > 0) body.append("scope", target.scopes.join(" "));
  const encoded = [clientId, secret].map((part) => encodeURIComponent(part)).join(":");
  return { method: "POST", body, headers: method === "basic" ? { Authorization: `Basic ${btoa(encoded)}` } : {} };
}

async function refusalOf(response: Response | undefined): Promise<Refused> {
  if (!response) return { status: 0, code: "", why: "", correlationId: undefined };
  const body = (await response.json().catch(() => ({}))) as { error?: string; error_description?: string };
  // The verify endpoint says why in its challenge (RFC 6750 §3).
  const challenge = response.headers.get("WWW-Authenticate") ?? "";
  const said = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  return {
    status: response.status,
    code: body.error ?? said("error") ?? "",
    why: body.error_description ?? said("error_description") ?? "",
    correlationId: correlationOf(response),
  };
}

async function checkSignature(token: Decoded, jwksUri: string): Promise<boolean | "unsupported" | "no keys"> {
  const response = await ask(jwksUri);
  if (!response?.ok) return "no keys";
  const { keys = [] } = (await response.json().catch(() => ({}))) as { keys?: JsonWebKey[] };
  return isSignedBy(token, keys);
}

async function verify(revealed: Revealed, target: Target, accessToken: string): Promise<Verdict> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  const response = await ask(verifyAddress(revealed.issuer, target), { headers });
  if (response?.ok) return { allowed: true, status: response.status };
  return { allowed: false, ...(await refusalOf(response)) };
}

/**
 * Asks the real token endpoint as the client would, from this browser; decodes what comes, checks its signature against
 * the issuer's published keys, and asks the issuer whether the token opens that API. Never throws.
 */
export async function runTest(revealed: Revealed, target: Target | undefined): Promise<TestResult> {
  const began = performance.now();
  const response = await ask(revealed.issuer.tokenEndpoint, tokenRequest(revealed, target));
  const took = performance.now() - began;
  if (!response?.ok) return { ok: false, refused: await refusalOf(response), took };
  const { access_token: accessToken = "" } = (await response.json().catch(() => ({}))) as { access_token?: string };
  const token = decodeJwt(accessToken);
  const { status } = response;
  if (!token)
    return { ok: false, refused: { status, code: "", why: "", correlationId: correlationOf(response) }, took };
  const [signature, verdict] = await Promise.all([
    checkSignature(token, revealed.issuer.jwksUri),
    target && verify(revealed, target, accessToken),
  ]);
  return { ok: true, took, status, token, signature, verdict };
}
