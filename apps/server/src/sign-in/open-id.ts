import { createHash } from "node:crypto";
import type { AttemptSecrets, OpenedProvider } from "@mintmark/domain";
import {
  BoundedCache,
  DocumentUnavailable,
  type IdToken,
  type IdTokenProblem,
  IdTokenReader,
  isHttpsAddress,
  type KeySetProblem,
  systemClock,
} from "@mintmark/token-issuer";
import type { AskDocument } from "../egress/fetch-document.ts";

/** Milliseconds that what a provider says of itself is believed. */
const FRESH_MS = 10 * 60_000;
/** And that it did not say it. */
const REFUSED_MS = 2000;
const MOST_PROVIDERS = 500;
/** Longer ones are no codes. */
const CODE = /^[\x20-\x7e]{1,4096}$/;

/** Why a provider's answer lets nobody in; beside it what the provider itself is to blame for. */
export type OpenIdProblem = IdTokenProblem | KeySetProblem | "metadata" | "answer_issuer" | "code" | "no_id_token";

/** What a provider sent somebody back with. */
export interface AuthorizationAnswer {
  readonly code: string;
  /** Who says that it sent it (RFC 9207). */
  readonly issuer: string | undefined;
}

/** An authorization code flow with anybody's provider (OpenID Connect Core 1.0 §3.1), through the guarded door. */
export interface OpenIdClient {
  /** Why nobody can sign in there now; `undefined`: they can. */
  problemOf(provider: OpenedProvider): Promise<OpenIdProblem | undefined>;
  /**
   * Where the browser is sent.
   *
   * @param again the person must prove once more who they are
   */
  authorizationAddress(
    provider: OpenedProvider,
    secrets: AttemptSecrets,
    again: boolean,
  ): Promise<string | OpenIdProblem>;
  /** Who came back: the code is exchanged and the ID token checked. */
  person(
    provider: OpenedProvider,
    secrets: AttemptSecrets,
    answer: AuthorizationAnswer,
  ): Promise<IdToken | OpenIdProblem>;
}

interface Metadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly method: "client_secret_basic" | "client_secret_post";
  /** Whether its answers always say who sent them. */
  readonly namesItself: boolean;
}

type Document = Readonly<Record<string, unknown>>;

/** What a provider's openid-configuration says, where it can be used (OpenID Connect Discovery 1.0 §3, §4.3). Pure. */
export function readMetadata(document: Document, issuer: string): Metadata | "issuer_differs" | "metadata" {
  if (document["issuer"] !== issuer) return "issuer_differs";
  const address = (member: string) => {
    const value = document[member];
    return typeof value === "string" && isHttpsAddress(value) ? value : undefined;
  };
  const lists = (member: string, value: string) => {
    const list = document[member];
    return list === undefined ? undefined : Array.isArray(list) && list.includes(value);
  };
  const authorizationEndpoint = address("authorization_endpoint");
  const tokenEndpoint = address("token_endpoint");
  const jwksUri = address("jwks_uri");
  const methods = "token_endpoint_auth_methods_supported";
  const method = (["client_secret_basic", "client_secret_post"] as const).find((one) => lists(methods, one) ?? true);
  // A provider that lists its challenges without ours would ignore ours.
  if (!authorizationEndpoint || !tokenEndpoint || !jwksUri || !method) return "metadata";
  if (lists("code_challenge_methods_supported", "S256") === false) return "metadata";
  const namesItself = document["authorization_response_iss_parameter_supported"] === true;
  return { authorizationEndpoint, tokenEndpoint, jwksUri, method, namesItself };
}

/** RFC 6749 §2.3.1: each half as a form would have it. */
const basic = (clientId: string, secret: string): string => {
  const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString("base64")}`;
};

/** RFC 7636 §4.2. */
const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

export function openIdClient(ask: AskDocument): OpenIdClient {
  const known = new BoundedCache<{ readonly found: Metadata | OpenIdProblem; readonly at: number }>(MOST_PROVIDERS);
  const idTokens = new IdTokenReader(ask, systemClock);

  /** What is on its way: strangers begin sign-ins, and must not have a provider asked once for each. */
  const onTheWay = new Map<string, Promise<Metadata | OpenIdProblem>>();

  async function fetchMetadata(issuer: string): Promise<Metadata | OpenIdProblem> {
    const document = await asked(ask(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`));
    return typeof document === "string" ? document : readMetadata(document, issuer);
  }

  /** Kept for each tenant apart: what one does with an address says nothing to another. */
  function metadataOf({ tenantId, issuer }: OpenedProvider): Promise<Metadata | OpenIdProblem> {
    const name = `${tenantId} ${issuer}`;
    const kept = known.get(name);
    const freshFor = typeof kept?.found === "string" ? REFUSED_MS : FRESH_MS;
    if (kept && Date.now() - kept.at < freshFor) return Promise.resolve(kept.found);
    const waiting = onTheWay.get(name);
    if (waiting) return waiting;
    const found = fetchMetadata(issuer).finally(() => onTheWay.delete(name));
    onTheWay.set(name, found);
    return found.then((metadata) => {
      known.set(name, { found: metadata, at: Date.now() });
      return metadata;
    });
  }

  return {
    async problemOf(provider) {
      const metadata = await metadataOf(provider);
      return typeof metadata === "string" ? metadata : undefined;
    },
    async authorizationAddress(provider, { state, nonce, codeVerifier }, again) {
      const metadata = await metadataOf(provider);
      if (typeof metadata === "string") return metadata;
      const address = new URL(metadata.authorizationEndpoint);
      const sent = {
        response_type: "code",
        client_id: provider.clientId,
        redirect_uri: provider.redirectUri,
        scope: ["openid", ...provider.scopes.filter((scope) => scope !== "openid")].join(" "),
        state,
        nonce,
        code_challenge: challengeOf(codeVerifier),
        code_challenge_method: "S256",
        // Asked for so, the ID token must say when it was (OpenID Connect Core 1.0 §3.1.2.1).
        ...(again && { prompt: "login", max_age: "0" }),
      };
      for (const [name, value] of Object.entries(sent)) address.searchParams.set(name, value);
      return address.href;
    },
    async person(provider, { nonce, codeVerifier }, { code, issuer }) {
      const metadata = await metadataOf(provider);
      if (typeof metadata === "string") return metadata;
      if (issuer === undefined ? metadata.namesItself : issuer !== provider.issuer) return "answer_issuer";
      if (!CODE.test(code)) return "code";
      const { clientId, clientSecret, redirectUri } = provider;
      const isBasic = metadata.method === "client_secret_basic";
      const answer = await asked(
        ask(metadata.tokenEndpoint, {
          fields: {
            grant_type: "authorization_code",
            code,
            redirect_uri: redirectUri,
            code_verifier: codeVerifier,
            ...(!isBasic && { client_id: clientId, client_secret: clientSecret }),
          },
          authorization: isBasic ? basic(clientId, clientSecret) : undefined,
        }),
      );
      // Whatever it refuses the code for is the code's fault or the client's: its own words are for its own log.
      if (typeof answer === "string") return answer === "status" ? "code" : answer;
      const idToken = answer["id_token"];
      if (typeof idToken !== "string") return "no_id_token";
      const place = { place: provider.tenantId, jwksUri: metadata.jwksUri };
      const read = await idTokens.read(idToken, place, { issuer: provider.issuer, clientId, nonce });
      return "problem" in read ? read.problem : "keys" in read ? read.keys : read;
    },
  };
}

/** The document, or why there is none. */
async function asked(asking: Promise<Document>): Promise<Document | KeySetProblem> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof DocumentUnavailable) return error.problem;
    throw error;
  }
}
