import type { RequestContext } from "../request-context.ts";
import { createLibrary, type LibraryParts, SECOND_FACTOR_COOKIE, SESSION_COOKIE, SSO_COOKIE } from "./library.ts";

/** What the library answered: its status, its body and the cookies it sets. */
export interface LibraryAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly cookies: readonly string[];
}

/** A session as it is stored, with whose it is. */
export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly hasTotp: boolean;
  readonly createdAt: Date;
  readonly endsAt: Date;
  readonly lastSeenAt: Date;
  readonly authenticatedAt: Date;
  readonly onlyTenantId: string | null;
}

interface PasskeyRow {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly isBackedUp: boolean;
}

/** The allow-list: every endpoint of the library that anything can reach. */
const allowed = [
  "signInEmail",
  "signOut",
  "verifyPassword",
  "enableTwoFactor",
  "disableTwoFactor",
  "verifyTOTP",
  "verifyBackupCode",
  "generateBackupCodes",
  "generatePasskeyRegistrationOptions",
  "verifyPasskeyRegistration",
  "generatePasskeyAuthenticationOptions",
  "verifyPasskeyAuthentication",
  "updatePasskey",
  "deletePasskey",
  "signInSso",
  "continueSession",
] as const;
export type LibraryCall = (typeof allowed)[number];

type Endpoint = (input: {
  readonly headers: Headers;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly asResponse: true;
}) => Promise<Response>;

/** The sign-in library behind its allow-list. */
export interface Library {
  call(name: LibraryCall, context: RequestContext, body?: Readonly<Record<string, unknown>>): Promise<LibraryAnswer>;
  /** The session of the request's cookie, if it lives; its idle time is not looked at. */
  session(context: RequestContext): Promise<StoredSession | undefined>;
  passkeys(context: RequestContext): Promise<readonly PasskeyRow[]>;
}

/** What the library may know of a request. The address is ours: a header of the caller's is not taken over. */
function headersOf({ headers, address }: RequestContext, origin: string): Headers {
  const known = new Headers({ "x-client-ip": address, origin });
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === "cookie") known.append(lower, value);
    if (lower === "user-agent") known.set(lower, value.slice(0, 256));
  }
  return known;
}

function cookieOf({ headers }: RequestContext, cookie: string): string | undefined {
  const pairs = headers.flatMap(([name, value]) => (name.toLowerCase() === "cookie" ? value.split(";") : []));
  const begin = `${cookie}=`;
  return pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(begin))
    ?.slice(begin.length);
}

/** Whether a request carries the session cookie, good or bad. */
export const hasSessionCookie = (context: RequestContext): boolean => cookieOf(context, SESSION_COOKIE) !== undefined;

/** The name of a sign-in that waits for its second factor: random, and known to nobody else. Its signature is checked later. */
export const pendingSignIn = (context: RequestContext): string =>
  /^[\w-]{1,100}/.exec(cookieOf(context, SECOND_FACTOR_COOKIE) ?? "")?.[0] ?? "";

/** The token of the session that an answer begins, where it begins one. */
export const begunSession = ({ cookies }: LibraryAnswer): string | undefined =>
  cookies
    .map((cookie) => new RegExp(`^${SESSION_COOKIE}=(\\w+)`).exec(cookie)?.[1])
    .find((token) => token !== undefined);

/** What this browser was given when it went to a provider. */
export const ssoBrowser = (context: RequestContext): string | undefined => {
  const value = cookieOf(context, SSO_COOKIE);
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
};

export function openLibrary(parts: LibraryParts): Library {
  const { api } = createLibrary(parts);
  const endpoints = api as unknown as Readonly<Record<LibraryCall, Endpoint>>;
  return {
    async call(name, context, body) {
      const headers = headersOf(context, parts.origin);
      const isQuery = name === "generatePasskeyRegistrationOptions" || name === "generatePasskeyAuthenticationOptions";
      const sent = isQuery ? { query: {} } : { body: body ?? {} };
      const response = await endpoints[name]({ headers, ...sent, asResponse: true });
      const text = await response.text();
      const parsed: unknown = text === "" ? {} : JSON.parse(text);
      return {
        status: response.status,
        body: (parsed ?? {}) as Readonly<Record<string, unknown>>,
        cookies: response.headers.getSetCookie(),
      };
    },
    async session(context) {
      if (!hasSessionCookie(context)) return undefined;
      const found = await api.getSession({ headers: headersOf(context, parts.origin) });
      if (!found) return undefined;
      const { session, user } = found;
      return {
        id: session.id,
        userId: user.id,
        name: user.name,
        email: user.email,
        hasTotp: user.twoFactorEnabled === true,
        createdAt: session.createdAt,
        endsAt: session.expiresAt,
        lastSeenAt: session.lastSeenAt ?? session.createdAt,
        authenticatedAt: session.authenticatedAt ?? session.createdAt,
        onlyTenantId: session.tenantId ?? null,
      };
    },
    async passkeys(context) {
      const rows = await api.listPasskeys({ headers: headersOf(context, parts.origin) });
      return rows.map((row) => ({
        id: row.id,
        name: row.name ?? null,
        createdAt: row.createdAt,
        isBackedUp: row.backedUp,
      }));
    },
  };
}
