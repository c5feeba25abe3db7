import { createHmac, randomBytes } from "node:crypto";
import { remember } from "./canaries.ts";
import { type Answer, send } from "./http.ts";

/** A browser of one person: keeps cookies, and sends what the console sends. */
export interface Person {
  /** Calls a route below `/console/auth`; GET without a body, POST with one. */
  auth(path: string, body?: unknown, headers?: readonly (readonly [string, string])[]): Promise<Answer>;
  /** Posts a GraphQL document in a tenant. */
  graphql(tenant: string | undefined, query: string, variables?: unknown): Promise<Answer>;
  /** The `Cookie` pair that it would send now. */
  cookie(): [string, string];
  /** Every `Set-Cookie` so far. */
  readonly setCookies: string[];
}

/** Headers of the console's own requests. */
export const consoleHeaders = (origin: string): [string, string][] => [
  ["X-CSRF", "1"],
  ["Origin", origin],
  ["Sec-Fetch-Site", "same-origin"],
];

export function newPerson(origin: string): Person {
  const jar = new Map<string, string>();
  const setCookies: string[] = [];
  const keep = (answer: Answer): Answer => {
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      setCookies.push(line);
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line) || value === "") jar.delete(name);
      else jar.set(name, remember(value));
    }
    return answer;
  };
  const cookie = (): [string, string] => ["Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; ")];
  const json: [string, string] = ["Content-Type", "application/json"];
  const all = () => [...consoleHeaders(origin), ...(jar.size > 0 ? [cookie()] : [])];
  return {
    setCookies,
    cookie,
    auth: async (path, body, headers = all()) => {
      const url = `${origin}/console/auth${path}`;
      const sending = body === undefined ? { headers } : { method: "POST", headers: [json, ...headers] };
      return keep(await send(url, { ...sending, ...(body !== undefined && { body: JSON.stringify(body) }) }));
    },
    graphql: async (tenant, query, variables) => {
      const url = `${origin}/graphql${tenant === undefined ? "" : `?tenant=${tenant}`}`;
      const body = JSON.stringify({ query, variables });
      return keep(await send(url, { method: "POST", headers: [json, ...all()], body }));
    },
  };
}

/** The first error's code in an answer of `/console/auth` or of GraphQL. */
export function codeOf(answer: Answer): string {
  const [first] = (answer.json()["errors"] ?? []) as { code?: string; extensions?: { code: string } }[];
  return first?.code ?? first?.extensions?.code ?? "";
}

/** A password nobody else has. */
export const freshPassword = (): string => remember(`pw-${randomBytes(12).toString("base64url")}`);

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The TOTP code of an `otpauth:` address (RFC 6238, SHA-1, 30 s, 6 digits), `steps` periods from now. */
export function totpCode(uri: string, steps = 0): string {
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const bits = [...secret.replace(/=+$/, "")].map((char) => BASE32.indexOf(char).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hmac = createHmac("sha1", key).update(counter).digest();
  const at = (hmac.at(-1) ?? 0) & 15;
  return String((hmac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

/** The code in a link that invites or resets. */
export const codeIn = (link: string): string => remember(link.slice(link.lastIndexOf("/") + 1));
