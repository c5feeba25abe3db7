import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { SignJWT } from "jose";
import { Provider } from "oidc-provider";
import { remember } from "./canaries.ts";
import { startHttps } from "./https.ts";

// It warns of what it is made for here.
for (const level of ["info", "warn"] as const) {
  const tell = console[level];
  console[level] = (...words) => {
    if (!String(words[0]).startsWith("oidc-provider ")) tell(...words);
  };
}

/** What a provider says of somebody, beside `sub`. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody else's OpenID provider, real and over HTTPS: whoever logs in there is whom they say. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly port: number;
  readonly authorityFile: string;
  readonly authority: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What it says of people, by the name that they log in with. */
  readonly people: Map<string, Claims>;
  /** Sends people back there from now on. */
  allow(redirectUri: string): void;
  /** Signs with another key from now on; the former one is published no more. */
  rotateKeys(): void;
  /** Changes ID tokens on their way out; `undefined` takes it back. */
  tamper(change: ((idToken: Forgery) => Promise<string> | string) | undefined): void;
  /** Answers nothing but that, until it is taken back. */
  breakDown(status: number | undefined): void;
  /** Goes to an address and logs in there, as a browser would; answers where it is sent back to. */
  logIn(address: string, login: string): Promise<URL>;
  close(): Promise<void>;
}

/** An ID token that is about to be changed. */
export interface Forgery {
  readonly token: string;
  readonly claims: Claims;
  /** The provider's own key. */
  readonly key: SigningKey;
  /** Signs other claims with a key, the provider's own unless another is named. */
  sign(claims: Claims, key?: SigningKey, header?: object): Promise<string>;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export const newSigningKey = (kid = randomBytes(8).toString("hex")): SigningKey => ({
  kid,
  privateKey: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
});

const sign = (claims: Claims, { kid, privateKey }: SigningKey, header: object = {}): Promise<string> =>
  new SignJWT(claims as never).setProtectedHeader({ alg: "RS256", kid, typ: "JWT", ...header }).sign(privateKey);

const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;

export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  let broken: number | undefined;
  let change: ((idToken: Forgery) => Promise<string> | string) | undefined;
  let key = newSigningKey();
  let answer: ReturnType<Provider["callback"]>;
  const redirectUris: string[] = ["https://localhost/"];
  const people = new Map<string, Claims>();
  const server = await startHttps((incoming, outgoing) => {
    if (broken === undefined) answer(incoming, outgoing);
    else outgoing.writeHead(broken, { "Content-Type": "application/json" }).end("{}");
  });
  const clientId = `mintmark-${randomBytes(4).toString("hex")}`;
  const clientSecret = remember(`idp-${randomBytes(24).toString("base64url")}`);
  const cookieKey = randomBytes(16).toString("hex");

  const build = () => {
    const provider = new Provider(server.origin, {
      clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris] }],
      jwks: { keys: [{ ...key.privateKey.export({ format: "jwk" }), kid: key.kid, use: "sig", alg: "RS256" }] },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      // Its people's names and addresses are in the ID token, as those of most providers are.
      conformIdTokenClaims: false,
      cookies: { keys: [cookieKey] },
      findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    });
    provider.use(async (ctx, next) => {
      await next();
      const token = ctx.oidc?.route === "token" ? ctx.body["id_token"] : undefined;
      if (typeof token !== "string" || !change) return;
      const used = key;
      const forgery = { token, claims: claimsOf(token), key: used };
      ctx.body["id_token"] = await change({
        ...forgery,
        sign: (claims, other = used, header) => sign(claims, other, header),
      });
    });
    answer = provider.callback();
  };
  build();

  return {
    issuer: server.origin,
    port: server.port,
    authorityFile: server.authorityFile,
    authority: server.authority,
    clientId,
    clientSecret,
    people,
    allow(redirectUri) {
      redirectUris.push(redirectUri);
      build();
    },
    rotateKeys() {
      key = newSigningKey();
      build();
    },
    tamper: (next) => {
      change = next;
    },
    breakDown: (status) => {
      broken = status;
    },
    logIn: (address, login) => logIn(server.origin, server.authority, address, login),
    close: () => server.close(),
  };
}

/** One person's visit to a provider: follows it, fills in its forms, and stops where it sends them away. */
async function logIn(origin: string, ca: string, address: string, login: string): Promise<URL> {
  const jar = new Map<string, string>();
  let target = new URL(address);
  let form: string | undefined;
  for (let step = 0; step < 12; step++) {
    const { status, headers, body } = await visit(target, ca, jar, form);
    form = undefined;
    const to = headers.location && new URL(headers.location, target);
    if (to && to.origin !== origin) return to;
    if (to) target = to;
    else if (status === 200) [target, form] = filledIn(body, target, login);
    else throw new Error(`the provider answers ${status}: ${body.slice(0, 500)}`);
  }
  throw new Error("the provider goes round in circles");
}

/** The one form of a page with what it holds and who logs in. */
function filledIn(page: string, at: URL, login: string): [URL, string] {
  const [, action = ""] = /<form[^>]* action="([^"]*)"/.exec(page) ?? [];
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const fields = new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, value]));
  fields.set("login", login);
  fields.set("password", "whatever");
  return [new URL(action, at), fields.toString()];
}

interface Visited {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function visit(url: URL, ca: string, jar: Map<string, string>, form: string | undefined): Promise<Visited> {
  return new Promise((resolve, reject) => {
    const headers = {
      Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(form !== undefined && { "Content-Type": "application/x-www-form-urlencoded" }),
    };
    const outgoing = request(url, { ca, headers, agent: false, method: form === undefined ? "GET" : "POST" });
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      for (const line of incoming.headers["set-cookie"] ?? []) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === "") jar.delete(name);
        else jar.set(name, value);
      }
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", reject);
      incoming.once("end", () => {
        const { statusCode = 0, headers: came } = incoming;
        resolve({ status: statusCode, headers: came, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    outgoing.end(form);
  });
}
