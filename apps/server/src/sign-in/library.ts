import { passkey } from "@better-auth/passkey";
import type { Database } from "@mintmark/db";
import { LONGEST_PASSWORD, SESSION_LIFETIME_S, SHORTEST_PASSWORD, signInTables } from "@mintmark/domain";
import { hash, verify } from "@node-rs/argon2";
import { type BetterAuthPlugin, betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { twoFactor } from "better-auth/plugins/two-factor";
import { z } from "zod";

/** Memory in KiB, passes and lanes: OWASP's first choice for argon2id. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const BACKUP_CODES = 10;

/** `__Host-` ties the cookies to this very origin: no other host or path can set or read them (RFC 6265bis §4.1.3.2). */
const COOKIE_PREFIX = "__Host-mintmark";
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;
export const SECOND_FACTOR_COOKIE = `${COOKIE_PREFIX}.two_factor`;
/** Ours: the half of a single sign-on that stays in the browser. */
export const SSO_COOKIE = `${COOKIE_PREFIX}.sso`;

/** What the library is made of. */
export interface LibraryParts {
  readonly database: Database;
  /** The installation's origin; its host is what passkeys are bound to. */
  readonly origin: string;
  /** Signs its cookies and seals TOTP secrets. */
  readonly secret: string;
}

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2ID);

/** A passkey stands for two factors, so the device must have asked who holds it. */
function requireUserVerified(isVerified: boolean | undefined): void {
  if (isVerified !== true)
    throw new APIError("BAD_REQUEST", { code: "USER_NOT_VERIFIED", message: "The device did not check who holds it." });
}

const ssoSession = z.object({ userId: z.string(), tenantId: z.string(), authenticatedAt: z.date() });

/** What the library cannot do by itself. Like all of it this is mounted nowhere. */
const ownSessions = {
  id: "mintmark-sessions",
  endpoints: {
    /** Begins the session of somebody whom a provider vouches for: it opens that tenant alone. */
    signInSso: createAuthEndpoint("/sign-in/sso", { method: "POST", body: ssoSession }, async (ctx) => {
      const { userId, ...fields } = ctx.body;
      const user = await ctx.context.internalAdapter.findUserById(userId);
      if (!user) throw new APIError("UNAUTHORIZED");
      const session = await ctx.context.internalAdapter.createSession(userId, false, fields, true);
      await setSessionCookie(ctx, { session, user });
      return ctx.json({ user: { id: userId } });
    }),
    /** Gives the browser a session that was begun, or got another token, past the library. */
    continueSession: createAuthEndpoint(
      "/session/continue",
      { method: "POST", body: z.object({ token: z.string() }) },
      async (ctx) => {
        const found = await ctx.context.internalAdapter.findSession(ctx.body.token);
        if (!found) throw new APIError("UNAUTHORIZED");
        await setSessionCookie(ctx, found);
        return ctx.json({});
      },
    ),
  },
} satisfies BetterAuthPlugin;

const date = { type: "date", required: false, input: false } as const;

/** The sign-in library over our own tables. Nothing of it is mounted: `sign-in.ts` calls what it needs. */
export function createLibrary({ database, origin, secret }: LibraryParts) {
  const { hostname } = new URL(origin);
  return betterAuth({
    appName: "Mintmark",
    baseURL: origin,
    basePath: "/console/auth",
    secret,
    trustedOrigins: [origin],
    database: drizzleAdapter(database, { provider: "pg", schema: signInTables }),
    telemetry: { enabled: false },
    // Its messages may repeat a query's parameters; what it throws is logged by our own log.
    logger: { disabled: true },
    onAPIError: { throw: true },
    // Ours counts by account as well, and answers in our shape.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      password: { hash: hashPassword, verify: ({ hash: stored, password }) => verify(stored, password) },
    },
    account: { accountLinking: { enabled: false } },
    session: {
      expiresIn: SESSION_LIFETIME_S,
      disableSessionRefresh: true,
      // Step-up is ours.
      freshAge: 0,
      additionalFields: {
        lastSeenAt: date,
        authenticatedAt: date,
        tenantId: { type: "string", required: false, input: false },
      },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      // It would put `__Secure-` before our names.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: "strict", path: "/" },
      ipAddress: { ipAddressHeaders: ["x-client-ip"] },
    },
    plugins: [
      twoFactor({ issuer: `Mintmark (${hostname})`, backupCodeOptions: { amount: BACKUP_CODES } }),
      passkey({
        rpID: hostname,
        rpName: "Mintmark",
        origin,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        advanced: { webAuthnChallengeCookie: "passkey" },
        schema: { passkey: { fields: { credentialID: "credentialId" } } },
        registration: {
          afterVerification: async ({ verification }) =>
            requireUserVerified(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: async ({ verification }) =>
            requireUserVerified(verification.authenticationInfo.userVerified),
        },
      }),
      ownSessions,
    ],
  });
}
