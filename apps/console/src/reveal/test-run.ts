import { newProofKey, type ProofKey, proofOf } from "./dpop.ts";
import { type Decoded, decodeJwt, isSignedBy } from "./jwt.ts";
import type { Revealed, Target } from "./revealed.ts";
import { introspectionAddress, verifyAddress } from "./revealed.ts";

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
      /** What the token says: itself, or, where only the issuer opens it, introspection of it by its own client. */
      readonly token: Pick<Decoded, "header" | "claims">;
      readonly signature: boolean | "unsupported" | "no keys" | "opaque" | "not opened";
      /** Whether it is bound to the key that its request proved; undefined where none was needed. */
      readonly bound: boolean | undefined;
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

function tokenRequest(revealed: Revealed, target: Target | undefined): RequestInit {
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  if (target) body.append("resource", target.resource);
  if (target && target.scopes.length > 0) body.append("scope", target.scopes.join(" "));
  return signedIn(revealed, body);
}

/** The form as the client would send it. */
function signedIn(
  { clientId, secret, method }: Pick<Revealed, "clientId" | "secret" | "method">,
  body: URLSearchParams,
): RequestInit {
  if (method === "post") body.append("client_id", clientId);
  if (method === "post") body.append("client_secret", secret);
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

/** Asks the token endpoint; with a proof of the key, and once more with the nonce that the first answer gives (RFC 9449 §8). */
async function askForToken(
  revealed: Revealed,
  target: Target | undefined,
  key: ProofKey | undefined,
): Promise<Response | undefined> {
  const { tokenEndpoint: url } = revealed.issuer;
  const request = tokenRequest(revealed, target);
  if (!key) return ask(url, request);
  const proven = async (nonce?: string) => {
    const headers = { ...request.headers, DPoP: await proofOf(key, { method: "POST", url, nonce }) };
    return ask(url, { ...request, headers });
  };
  const first = await proven();
  const nonce = first?.status === 400 ? first.headers.get("DPoP-Nonce") : null;
  return nonce ? proven(nonce) : first;
}

async function verify(
  { issuer }: Revealed,
  target: Target,
  token: string,
  key: ProofKey | undefined,
): Promise<Verdict> {
  // No API is called: the proof is for the call that one would make.
  const call = { method: "GET", url: target.resource };
  const headers: HeadersInit = key
    ? { Authorization: `DPoP ${token}`, DPoP: await proofOf(key, { ...call, token }) }
    : { Authorization: `Bearer ${token}` };
  const response = await ask(verifyAddress(issuer, target, key && call), { headers });
  if (response?.ok) return { allowed: true, status: response.status };
  return { allowed: false, ...(await refusalOf(response)) };
}

/** An opaque token as the issuer tells it to its own client: this browser cannot open it, and no API can. */
async function introspected(revealed: Revealed, token: string): Promise<Record<string, unknown> | undefined> {
  const { clientId, secret, method, issuer } = revealed;
  const body = new URLSearchParams({ token });
  const response = await ask(introspectionAddress(issuer), signedIn({ clientId, secret, method }, body));
  const claims = response?.ok ? ((await response.json().catch(() => ({}))) as Record<string, unknown>) : {};
  const { active, token_type: _, ...said } = claims;
  return active === true ? said : undefined;
}

/** The two halves of a JWE's outside: its header is readable, its claims are not. */
function envelopeOf(token: string): Record<string, unknown> {
  try {
    const [header = ""] = token.replace(/^mma_/, "").split(".");
    return JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function isBoundTo({ claims }: Pick<Decoded, "claims">, { thumbprint }: ProofKey): boolean {
  const cnf = claims["cnf"] as { readonly jkt?: unknown } | undefined;
  return cnf?.jkt === thumbprint;
}

/**
 * Asks the real token endpoint as the client would, from this browser; decodes what comes, checks its signature against
 * the issuer's published keys, and asks the issuer whether the token opens that API. Never throws.
 */
export async function runTest(revealed: Revealed, target: Target | undefined): Promise<TestResult> {
  const key = revealed.dpop ? await newProofKey() : undefined;
  const began = performance.now();
  const response = await askForToken(revealed, target, key);
  const took = performance.now() - began;
  if (!response?.ok) return { ok: false, refused: await refusalOf(response), took };
  const { access_token: accessToken = "" } = (await response.json().catch(() => ({}))) as { access_token?: string };
  const { status } = response;
  if (accessToken.startsWith("mma_")) {
    const [claims, verdict] = await Promise.all([
      introspected(revealed, accessToken),
      target && verify(revealed, target, accessToken, key),
    ]);
    const token = { header: envelopeOf(accessToken), claims: claims ?? {} };
    const bound = key && isBoundTo(token, key);
    return { ok: true, took, status, token, signature: claims ? "opaque" : "not opened", bound, verdict };
  }
  const token = decodeJwt(accessToken);
  if (!token)
    return { ok: false, refused: { status, code: "", why: "", correlationId: correlationOf(response) }, took };
  const [signature, verdict] = await Promise.all([
    checkSignature(token, revealed.issuer.jwksUri),
    target && verify(revealed, target, accessToken, key),
  ]);
  const bound = key && isBoundTo(token, key);
  return { ok: true, took, status, token, signature, bound, verdict };
}
