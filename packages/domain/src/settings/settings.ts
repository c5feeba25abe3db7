import type { Database, Transaction } from "@mintmark/db";
import { clients, installation, tenants, workspaces } from "@mintmark/db/schema";
import type {
  AccessTokenFormat,
  ClientAuthenticationMethod,
  CustomClaims,
  SigningAlgorithm,
} from "@mintmark/token-issuer";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { customClaims } from "./custom-claims.ts";
import { type GeneratedType, generatedTypes } from "./generated-types.ts";

/** Every setting with its type. They are set by level; what counts is `effectiveSettings`. */
export interface Settings {
  /** Whether tokens are issued; those that were go on working. `stopped` wins. The special workspaces never stop. */
  readonly issuance: Issuance;
  /** Seconds an access token lives, 60-86,400. The shortest wins. */
  readonly accessTokenLifetime: number;
  /** What new access tokens are: readable, or for the issuer to open. The nearest wins. */
  readonly accessTokenFormat: AccessTokenFormat;
  /** Claims added to access tokens, by name. A client's stand beside its workspace's, and instead of those of the same name. */
  readonly customClaims: CustomClaims;
  /** How clients may authenticate. Only what every level allows. */
  readonly clientAuthenticationMethods: readonly ClientAuthenticationMethod[];
  /** Whether tokens are bound to a key of their client (RFC 9449). `required` wins. */
  readonly dpop: BindingUse;
  /** Whether tokens are bound to the certificate that their client showed (RFC 8705 §3). `required` wins. */
  readonly certificateBinding: BindingUse;
  /** Whether tokens carry their place in a status list, so that cut-offs show to those who check offline. `on` wins. */
  readonly statusList: StatusListUse;
  /** Whether clients may exchange tokens (RFC 8693): allowed at some level, and refused at none. */
  readonly tokenExchange: TokenExchange;
  /** Whether a client's assertions may name the token endpoint as their audience, as was usual before RFC 7523bis. Of clients alone. */
  readonly tokenEndpointAudience: TokenEndpointAudience;
  /** Whether access tokens may come as `Authorization: JWT` to what checks them here. `off` wins. */
  readonly jwtScheme: Switch;
  /** Whether somebody has to approve a new client before it holds credentials. `required` wins. */
  readonly clientApproval: ClientApproval;
  /** Active secrets a client may have at once, 1-50. The least wins. */
  readonly clientSecretLimit: number;
  /** Days a new client secret may live, 1-3,650. The shortest wins; `null`: as long as its owner likes. */
  readonly clientSecretLifetime: number | null;
  /** Days that what a client proves itself with by a key of its own may live, 1-3,650. The shortest wins; `null`: no limit. */
  readonly clientKeyLifetime: number | null;
  /** Seconds that a rotated secret goes on beside its successor, where nobody says otherwise, 1-2,592,000. The nearest wins. */
  readonly secretOverlap: number;
  /** Seconds that it may go on at most, 1-2,592,000. The least wins. */
  readonly secretOverlapLimit: number;
  /** Seconds without use after which a rotated secret may be retired, 300-604,800. The nearest wins. */
  readonly secretQuietPeriod: number;
  /**
   * Which types members may generate, for themselves and for the tenant; what there is goes on working. Only what every
   * level allows; what a member generates for themselves is decided at the admin workspace.
   */
  readonly generatedTypes: readonly GeneratedType[];
  /** Whether API tokens can be made; those that were go on working. `off` wins. */
  readonly apiTokens: Switch;
  /** Working API tokens a client may have at once, 1-50. The least wins. */
  readonly apiTokenLimit: number;
  /** Whether members can make personal tokens; it counts at the admin workspace. `off` wins. */
  readonly personalTokens: Switch;
  /** Working personal tokens a member may have at once, 1-50; it counts at the admin workspace. The least wins. */
  readonly personalTokenLimit: number;
  /** Days that a static token may live, 1-3,650; such a limit forbids "never" too. The shortest wins; `null`: no limit. */
  readonly staticTokenLifetime: number | null;
  /** Whether a static token has to end. `required` wins. */
  readonly staticTokenExpiry: TokenExpiry;
  /** Algorithm of new signatures. The nearest wins; a workspace always has its own, and a client may. */
  readonly signingAlgorithm: SigningAlgorithm;
  /** Seconds a JWK Set may be cached, 1-3,600. The nearest wins. */
  readonly jwksMaxAge: number;
  /** Days that a signing key signs before the next one takes over, 1-3,650. The shortest wins. */
  readonly signingKeyLifetime: number;
  /**
   * Seconds that a server goes on from memory while it cannot hear of changes, 30-86,400. The shortest wins; `null`:
   * 60 while several servers run, else 900.
   */
  readonly maxStale: number | null;
  /** What happens to a token whose record the database cannot take now. `stop` wins. */
  readonly whenDatabaseAway: WhenDatabaseAway;
  /** Days that the token log is kept, 1-3,650. The shortest wins. */
  readonly tokenLogRetention: number;
  /** Days that the audit log is kept, 30-3,650. The shortest wins; `null`: for ever. */
  readonly auditRetention: number | null;
  /** Token requests a minute that a client may make. The least wins; `null`: no limit. */
  readonly clientTokenLimit: number | null;
  /** Token requests a minute that a workspace takes. The least wins; `null`: no limit. */
  readonly workspaceTokenLimit: number | null;
}

/** `stopped`: no new token, for the time being. */
export type Issuance = "active" | "stopped";

/** `optional`: a client that sends a proof gets a bound token. `required`: only such a client gets one. */
export type BindingUse = "optional" | "required";

/** `on`: a cut-off shows within seconds also to those who check offline and ask for the list. */
export type StatusListUse = "off" | "on";

/** `continue`: the record is kept on the server's disk and written later. `stop`: no token. */
export type WhenDatabaseAway = "continue" | "stop";

export type Switch = "on" | "off";

/** `required`: "never" is no end. */
export type TokenExpiry = "optional" | "required";

/** `required`: a client that is made by somebody who may not approve it waits. */
export type ClientApproval = "none" | "required";

export type TokenExchange = "allowed" | "refused";
export type TokenEndpointAudience = "accepted" | "refused";

export type SettingName = keyof Settings;

/** What one level sets, as it rests in the database; what it leaves out is inherited. */
export type OwnSettings = { readonly [N in SettingName]?: NonNullable<Settings[N]> };

/** The levels, widest first. */
export const settingLevels = ["installation", "tenant", "workspace", "client"] as const;
export type SettingLevel = (typeof settingLevels)[number];

/** A setting's value and the level that it comes from; `default` when no level sets it. */
export interface EffectiveSetting<T> {
  readonly value: T;
  readonly level: SettingLevel | "default";
}

export type EffectiveSettings = { readonly [N in SettingName]: EffectiveSetting<Settings[N]> };
export type OwnSettingsByLevel = { readonly [L in SettingLevel]?: OwnSettings };

export const defaultSettings: Settings = {
  issuance: "active",
  accessTokenLifetime: 900,
  clientAuthenticationMethods: [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "federated_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
  ],
  accessTokenFormat: "jwt",
  customClaims: {},
  dpop: "optional",
  statusList: "off",
  certificateBinding: "optional",
  tokenExchange: "refused",
  tokenEndpointAudience: "refused",
  jwtScheme: "off",
  clientApproval: "none",
  clientSecretLimit: 10,
  clientSecretLifetime: null,
  clientKeyLifetime: null,
  secretOverlap: 172_800,
  secretOverlapLimit: 2_592_000,
  secretQuietPeriod: 3600,
  generatedTypes: ["static_token"],
  apiTokens: "off",
  apiTokenLimit: 2,
  personalTokens: "off",
  personalTokenLimit: 5,
  staticTokenLifetime: null,
  staticTokenExpiry: "optional",
  signingAlgorithm: "ES256",
  jwksMaxAge: 300,
  signingKeyLifetime: 90,
  maxStale: null,
  whenDatabaseAway: "continue",
  tokenLogRetention: 30,
  auditRetention: null,
  clientTokenLimit: null,
  workspaceTokenLimit: null,
};

/** What counts, from what each level sets: the stricter wins, or the nearest where no value is stricter. Pure. */
export function effectiveSettings(byLevel: OwnSettingsByLevel): EffectiveSettings {
  return {
    issuance: pick(byLevel, "issuance", strictest<Issuance>("stopped")),
    accessTokenLifetime: pick(byLevel, "accessTokenLifetime", least),
    accessTokenFormat: pickNearest(byLevel, "accessTokenFormat"),
    customClaims: pick(byLevel, "customClaims", (wider, nearer) => ({ ...wider, ...nearer })),
    clientAuthenticationMethods: pick(byLevel, "clientAuthenticationMethods", common),
    dpop: pick(byLevel, "dpop", strictest<BindingUse>("required")),
    certificateBinding: pick(byLevel, "certificateBinding", strictest<BindingUse>("required")),
    statusList: pick(byLevel, "statusList", strictest<StatusListUse>("on")),
    tokenExchange: pick(byLevel, "tokenExchange", strictest<TokenExchange>("refused")),
    tokenEndpointAudience: pickNearest(byLevel, "tokenEndpointAudience"),
    jwtScheme: pick(byLevel, "jwtScheme", strictest<Switch>("off")),
    clientApproval: pick(byLevel, "clientApproval", strictest<ClientApproval>("required")),
    clientSecretLimit: pick(byLevel, "clientSecretLimit", least),
    clientSecretLifetime: pick(byLevel, "clientSecretLifetime", least),
    clientKeyLifetime: pick(byLevel, "clientKeyLifetime", least),
    secretOverlap: pickNearest(byLevel, "secretOverlap"),
    secretOverlapLimit: pick(byLevel, "secretOverlapLimit", least),
    secretQuietPeriod: pickNearest(byLevel, "secretQuietPeriod"),
    generatedTypes: pick(byLevel, "generatedTypes", common),
    apiTokens: pick(byLevel, "apiTokens", strictest<Switch>("off")),
    apiTokenLimit: pick(byLevel, "apiTokenLimit", least),
    personalTokens: pick(byLevel, "personalTokens", strictest<Switch>("off")),
    personalTokenLimit: pick(byLevel, "personalTokenLimit", least),
    staticTokenLifetime: pick(byLevel, "staticTokenLifetime", least),
    staticTokenExpiry: pick(byLevel, "staticTokenExpiry", strictest<TokenExpiry>("required")),
    signingAlgorithm: pickNearest(byLevel, "signingAlgorithm"),
    jwksMaxAge: pickNearest(byLevel, "jwksMaxAge"),
    signingKeyLifetime: pick(byLevel, "signingKeyLifetime", least),
    maxStale: pick(byLevel, "maxStale", least),
    whenDatabaseAway: pick(byLevel, "whenDatabaseAway", strictest<WhenDatabaseAway>("stop")),
    tokenLogRetention: pick(byLevel, "tokenLogRetention", least),
    auditRetention: pick(byLevel, "auditRetention", least),
    clientTokenLimit: pick(byLevel, "clientTokenLimit", least),
    workspaceTokenLimit: pick(byLevel, "workspaceTokenLimit", least),
  };
}

/** Walks from the widest level to the nearest; a level counts when its value changes what the wider ones came to. */
function pick<N extends SettingName>(
  byLevel: OwnSettingsByLevel,
  name: N,
  combine: (wider: NonNullable<Settings[N]>, nearer: NonNullable<Settings[N]>) => NonNullable<Settings[N]>,
): EffectiveSetting<Settings[N]> {
  let found: EffectiveSetting<NonNullable<Settings[N]>> | undefined;
  for (const level of settingLevels) {
    const own = byLevel[level]?.[name] as NonNullable<Settings[N]> | undefined;
    if (own === undefined) continue;
    const value = found ? combine(found.value, own) : own;
    if (value !== found?.value) found = { value, level };
  }
  return found ?? { value: defaultSettings[name], level: "default" };
}

function pickNearest<N extends SettingName>(byLevel: OwnSettingsByLevel, name: N): EffectiveSetting<Settings[N]> {
  const level = settingLevels.findLast((at) => byLevel[at]?.[name] !== undefined);
  const own = level && (byLevel[level]?.[name] as Settings[N] | undefined);
  return own === undefined || level === undefined
    ? { value: defaultSettings[name], level: "default" }
    : { value: own, level };
}

const least = (wider: number, nearer: number): number => Math.min(wider, nearer);

const strictest =
  <T>(strict: T) =>
  (wider: T, nearer: T): T =>
    wider === strict ? wider : nearer;

function common<T>(wider: readonly T[], nearer: readonly T[]): readonly T[] {
  const both = wider.filter((item) => nearer.includes(item));
  return both.length === wider.length ? wider : both;
}

const wholeNumber = (from: number, to: number, unit: string) => {
  const message = `This is a whole number of ${unit}, ${from} to ${to}.`;
  return z.int(message).min(from, message).max(to, message);
};

const methods = defaultSettings.clientAuthenticationMethods as [ClientAuthenticationMethod];

/** Ways in which clients may authenticate, each once, at least one. */
export const authenticationMethods = z
  .array(z.enum(methods, `Choose ${methods.slice(0, -1).join(", ")} or ${methods.at(-1)}.`))
  .min(1, "At least one method is needed: without one nobody could authenticate.")
  .max(8, "Name each method once.")
  .transform((named) => methods.filter((method) => named.includes(method)));

/** The database itself lets nobody but its owner delete a younger row of the audit log. */
export const LEAST_AUDIT_DAYS = 30;

/** One parser a setting; `null` takes the level's own value back. */
const inputs = {
  issuance: z.enum(["active", "stopped"], "Choose active or stopped.").nullish(),
  accessTokenLifetime: wholeNumber(60, 86_400, "seconds").nullish(),
  accessTokenFormat: z.enum(["jwt", "opaque"], "Choose jwt or opaque.").nullish(),
  clientAuthenticationMethods: authenticationMethods.nullish(),
  dpop: z.enum(["optional", "required"], "Choose optional or required.").nullish(),
  statusList: z.enum(["off", "on"], "Choose off or on.").nullish(),
  certificateBinding: z.enum(["optional", "required"], "Choose optional or required.").nullish(),
  tokenExchange: z.enum(["allowed", "refused"], "Choose allowed or refused.").nullish(),
  jwtScheme: z.enum(["on", "off"], "Choose on or off.").nullish(),
  clientApproval: z.enum(["none", "required"], "Choose none or required.").nullish(),
  clientSecretLimit: wholeNumber(1, 50, "secrets").nullish(),
  clientSecretLifetime: wholeNumber(1, 3650, "days").nullish(),
  clientKeyLifetime: wholeNumber(1, 3650, "days").nullish(),
  secretOverlap: wholeNumber(1, 2_592_000, "seconds").nullish(),
  secretOverlapLimit: wholeNumber(1, 2_592_000, "seconds").nullish(),
  secretQuietPeriod: wholeNumber(300, 604_800, "seconds").nullish(),
  generatedTypes: generatedTypes.nullish(),
  apiTokens: z.enum(["on", "off"], "Choose on or off.").nullish(),
  apiTokenLimit: wholeNumber(1, 50, "tokens").nullish(),
  personalTokens: z.enum(["on", "off"], "Choose on or off.").nullish(),
  personalTokenLimit: wholeNumber(1, 50, "tokens").nullish(),
  staticTokenLifetime: wholeNumber(1, 3650, "days").nullish(),
  staticTokenExpiry: z.enum(["optional", "required"], "Choose optional or required.").nullish(),
  signingAlgorithm: z.enum(["ES256", "EdDSA", "PS256", "RS256"], "Choose ES256, EdDSA, PS256 or RS256.").nullish(),
  jwksMaxAge: wholeNumber(1, 3600, "seconds").nullish(),
  signingKeyLifetime: wholeNumber(1, 3650, "days").nullish(),
  maxStale: wholeNumber(30, 86_400, "seconds").nullish(),
  whenDatabaseAway: z.enum(["continue", "stop"], "Choose continue or stop.").nullish(),
  tokenLogRetention: wholeNumber(1, 3650, "days").nullish(),
  auditRetention: wholeNumber(LEAST_AUDIT_DAYS, 3650, "days").nullish(),
  clientTokenLimit: wholeNumber(1, 1_000_000, "requests a minute").nullish(),
  workspaceTokenLimit: wholeNumber(1, 10_000_000, "requests a minute").nullish(),
};

/** What an update may say above a workspace. */
export const settingInputs = inputs;

/** What an update may say at a workspace. */
export const workspaceSettingInputs = { ...inputs, customClaims };

/** What an update may say at a client: how keys follow each other, records and freshness belong to the issuer. */
export const clientSettingInputs = {
  accessTokenLifetime: inputs.accessTokenLifetime,
  accessTokenFormat: inputs.accessTokenFormat,
  signingAlgorithm: inputs.signingAlgorithm,
  customClaims,
  clientAuthenticationMethods: inputs.clientAuthenticationMethods,
  dpop: inputs.dpop,
  certificateBinding: inputs.certificateBinding,
  tokenExchange: inputs.tokenExchange,
  tokenEndpointAudience: z.enum(["accepted", "refused"], "Choose accepted or refused.").nullish(),
  clientSecretLimit: inputs.clientSecretLimit,
  clientSecretLifetime: inputs.clientSecretLifetime,
  clientKeyLifetime: inputs.clientKeyLifetime,
  apiTokenLimit: inputs.apiTokenLimit,
  clientTokenLimit: inputs.clientTokenLimit,
};

/** An update: a member that is left out stays, `null` goes back to what is inherited. */
export type SettingsUpdate = { readonly [N in SettingName]?: NonNullable<Settings[N]> | null | undefined };

/** The level's own settings after an update. Pure. */
export function updatedSettings(own: OwnSettings, update: SettingsUpdate): OwnSettings {
  const said = Object.entries(update).filter(([, value]) => value !== undefined);
  const after = { ...own, ...Object.fromEntries(said) };
  return Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null));
}

/** Whose settings: a tenant's, one of its workspaces', or one client's there. */
export interface SettingsPlace {
  readonly tenantId: string;
  readonly workspaceId?: string;
  /** The internal id. */
  readonly clientId?: string;
}

/** What each level above and at that place sets. */
export async function ownSettingsByLevel(
  tx: Database | Transaction,
  { tenantId, workspaceId, clientId }: SettingsPlace,
): Promise<OwnSettingsByLevel> {
  const [row] = await tx
    .select({
      installation: installation.settings,
      tenant: tenants.settings,
      workspace: workspaces.settings,
      client: clients.settings,
    })
    .from(installation)
    .leftJoin(tenants, eq(tenants.id, tenantId))
    .leftJoin(
      workspaces,
      workspaceId === undefined ? sql`false` : and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, workspaceId)),
    )
    .leftJoin(
      clients,
      clientId === undefined ? sql`false` : and(eq(clients.tenantId, tenantId), eq(clients.id, clientId)),
    );
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, settings]) => settings !== null));
}

/** What counts at that place now. */
export const effectiveSettingsAt = async (
  tx: Database | Transaction,
  place: SettingsPlace,
): Promise<EffectiveSettings> => effectiveSettings(await ownSettingsByLevel(tx, place));
