import { remember } from "./canaries.ts";
import { type Answer, send } from "./http.ts";

/** What a client needs to ask for a token. */
export interface Credentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type Pairs = readonly (readonly [name: string, value: string])[];
export type Form = Readonly<Record<string, string>> | Pairs;

const FORM: Pairs = [["Content-Type", "application/x-www-form-urlencoded"]];

/** Form encoding (RFC 6749 Appendix B). */
export function encodeForm(form: Form): string {
  const pairs = isPairs(form) ? form : Object.entries(form);
  return new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
}

const isPairs = (form: Form): form is Pairs => Array.isArray(form);

/** Posts a form, with headers in order. */
export const post = (url: string, form: Form, headers: Pairs = []): Promise<Answer> =>
  send(url, { method: "POST", headers: [...FORM, ...headers], body: encodeForm(form) });

/** The `Authorization` pair of HTTP Basic: id and secret form-encoded first (RFC 6749 §2.3.1). */
export function basic({ clientId, clientSecret }: Pick<Credentials, "clientId" | "clientSecret">): [string, string] {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  const pair = `${encode(clientId)}:${encode(clientSecret)}`;
  return ["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`];
}

/** Asks for a token with `client_secret_basic`; `form` adds to or replaces `grant_type`. */
export const askToken = (client: Credentials, form: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  post(client.tokenEndpoint, { grant_type: "client_credentials", ...form }, [basic(client)]);

/** The access token, or an error with what came instead. */
export async function fetchToken(client: Credentials, form: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await askToken(client, form);
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.body}`);
  return remember(String(answer.json()["access_token"]));
}

/** Parts of a JWT, decoded and not verified. */
export function decodeJwt(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = "", claims = ""] = token.split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  return { header: read(header), claims: read(claims) };
}

export const bearer = (token: string): [string, string] => ["Authorization", `Bearer ${token}`];
