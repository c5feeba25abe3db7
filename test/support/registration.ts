import { remember } from "./canaries.ts";
import { type Answer, send } from "./http.ts";
import { bearer, type Pairs } from "./token.ts";
import type { StoryWorkspace } from "./world.ts";

/** An initial access token, as it was shown once. */
export interface InitialAccessToken {
  readonly id: string;
  readonly value: string;
}

interface Wanted {
  readonly name?: string;
  readonly uses?: number;
  readonly expiresAt?: string;
  readonly methods?: readonly string[];
  readonly clientSecretLifetime?: number;
  /** Scopes by resource name; absent: everything of every resource. */
  readonly ceiling?: Readonly<Record<string, readonly string[]>>;
}

/** Makes a token that registers clients of a workspace. */
export async function newInitialAccessToken(
  { id: workspaceId, admin, resources }: StoryWorkspace,
  { name = "Registrar", uses = 100, ceiling, ...others }: Wanted = {},
): Promise<InitialAccessToken> {
  const wanted = ceiling ?? Object.fromEntries([...resources].map(([key, { scopes }]) => [key, scopes]));
  const grants = Object.entries(wanted).map(([key, scopes]) => ({ resourceId: resources.get(key)?.id, scopes }));
  const input = { workspaceId, name, uses, ceiling: grants, ...others };
  const made = await admin.must("createInitialAccessToken", input, "initialAccessToken { id } secret");
  return { id: (made["initialAccessToken"] as { id: string }).id, value: remember(String(made["secret"])) };
}

/** A client information response (RFC 7591 §3.2.1). */
export interface Registered extends Readonly<Record<string, unknown>> {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
}

const JSON_TYPE: Pairs = [["Content-Type", "application/json"]];

/** Sends a JSON document with a token, or with none. */
export const sendJson = (
  method: string,
  url: string,
  token: string | undefined,
  document: object | string | undefined,
  headers: Pairs = JSON_TYPE,
): Promise<Answer> =>
  send(url, {
    method,
    headers: [...headers, ...(token === undefined ? [] : [bearer(token)])],
    ...(document !== undefined && { body: typeof document === "string" ? document : JSON.stringify(document) }),
  });

/** Asks to be registered. */
export const register = (
  { issuer }: Pick<StoryWorkspace, "issuer">,
  token: string | undefined,
  document: object | string = {},
  headers?: Pairs,
): Promise<Answer> => sendJson("POST", `${issuer}/oauth2/register`, token, document, headers);

/** The registration that an answer holds, or an error with what came instead. */
export function registeredIn(answer: Answer): Registered {
  if (answer.status !== 201 && answer.status !== 200)
    throw new Error(`not registered: ${answer.status} ${answer.body}`);
  const registered = answer.json() as Registered;
  remember(registered.registration_access_token);
  remember(registered.client_secret ?? "");
  return registered;
}

/** Asks about a registration, or changes it, with its own token unless another one is given (RFC 7592 §2). */
export const manage = (
  method: "GET" | "PUT" | "DELETE",
  { registration_client_uri: url, registration_access_token: own }: Registered,
  document?: object,
  token: string = own,
): Promise<Answer> => sendJson(method, url, token, document, document === undefined ? [] : JSON_TYPE);
