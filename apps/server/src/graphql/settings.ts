import {
  getClient,
  getWorkspace,
  installationSettings,
  ownTenant,
  type SettingHere,
  updateClientSettings,
  updateInstallationSettings,
  updateTenantSettings,
  updateWorkspaceSettings,
} from "@mintmark/domain";
import type { ClientAuthenticationMethod, CustomClaims } from "@mintmark/token-issuer";
import type { EnumRef } from "@pothos/core";
import { carrier, needs } from "./authorise.ts";
import { builder, type Types } from "./builder.ts";
import {
  AccessTokenFormatEnum,
  AuthenticationMethod,
  BindingUseEnum,
  IssuanceEnum,
  SettingLevelEnum,
  SigningAlgorithmEnum,
  StatusListUseEnum,
  TokenEndpointAudienceEnum,
  TokenExchangeEnum,
  WhenDatabaseAwayEnum,
} from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { ClientRef, SettingsRef, TenantRef, WorkspaceRef } from "./refs.ts";

const ownMeaning = "What this level itself says; null is nothing. It may be overruled by a stricter one.";
const inheritedMeaning = "What would count if this level said nothing.";

/** Few of them, each of two texts. */
const small = { complexity: { field: 1, multiplier: 1 } } as const;

const IntegerSetting = builder.objectRef<SettingHere<number | null>>("IntegerSetting");
IntegerSetting.implement({
  description: "A number, and the level that it comes from.",
  ...carrier,
  fields: (t) => ({
    value: t.int({ nullable: true, description: "Null is no limit.", resolve: ({ value }) => value }),
    level: t.expose("level", { type: SettingLevelEnum }),
    own: t.int({ nullable: true, description: ownMeaning, resolve: ({ own }) => own }),
    inheritedValue: t.int({
      nullable: true,
      description: `${inheritedMeaning} Null is no limit.`,
      resolve: ({ inherited }) => inherited.value,
    }),
    inheritedLevel: t.field({ type: SettingLevelEnum, resolve: ({ inherited }) => inherited.level }),
  }),
});

/** A choice, and the level that it comes from. */
function choiceSetting<T extends string>(name: string, type: EnumRef<Types, T>) {
  const ref = builder.objectRef<SettingHere<T>>(name);
  ref.implement({
    ...carrier,
    fields: (t) => ({
      value: t.field({ type, resolve: ({ value }) => value as never }),
      level: t.expose("level", { type: SettingLevelEnum }),
      own: t.field({ type, nullable: true, description: ownMeaning, resolve: ({ own }) => own as never }),
      inheritedValue: t.field({
        type,
        description: inheritedMeaning,
        // Its types do not see that a choice is no list.
        resolve: ({ inherited }) => inherited.value as never,
      }),
      inheritedLevel: t.field({ type: SettingLevelEnum, resolve: ({ inherited }) => inherited.level }),
    }),
  });
  return ref;
}

const AlgorithmSetting = choiceSetting("SigningAlgorithmSetting", SigningAlgorithmEnum);
const IssuanceSetting = choiceSetting("IssuanceSetting", IssuanceEnum);
const AwaySetting = choiceSetting("WhenDatabaseAwaySetting", WhenDatabaseAwayEnum);
const StatusListSetting = choiceSetting("StatusListSetting", StatusListUseEnum);
const BindingSetting = choiceSetting("BindingSetting", BindingUseEnum);
const FormatSetting = choiceSetting("AccessTokenFormatSetting", AccessTokenFormatEnum);

const valueMeaning = 'Its value as JSON text: `"eu"`, `3`, `true`, `["a", "b"]`.';
const CustomClaimRef = builder.objectRef<{ readonly name: string; readonly value: string }>("CustomClaim");
CustomClaimRef.implement({
  description: "A claim that is added to access tokens.",
  ...carrier,
  fields: (t) => ({
    name: t.exposeString("name"),
    value: t.exposeString("value", { description: valueMeaning }),
  }),
});
const CustomClaimInput = builder.inputType("CustomClaimInput", {
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        "A word without dots, or a URI like `https://acme.example/team`; none that has a meaning of its own.",
    }),
    value: t.string({ required: true, description: `${valueMeaning} Never a secret.` }),
  }),
});
const claimList = (claims: CustomClaims) =>
  Object.entries(claims)
    .map(([name, value]) => ({ name, value: JSON.stringify(value) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const ClaimsSetting = builder.objectRef<SettingHere<CustomClaims>>("CustomClaimsSetting");
ClaimsSetting.implement({
  ...carrier,
  fields: (t) => ({
    value: t.field({ type: [CustomClaimRef], ...small, resolve: ({ value }) => claimList(value) }),
    level: t.expose("level", { type: SettingLevelEnum }),
    own: t.field({
      type: [CustomClaimRef],
      ...small,
      nullable: true,
      description: ownMeaning,
      resolve: ({ own }) => (own === null ? null : claimList(own)),
    }),
    inheritedValue: t.field({
      type: [CustomClaimRef],
      ...small,
      description: inheritedMeaning,
      resolve: ({ inherited }) => claimList(inherited.value),
    }),
    inheritedLevel: t.field({ type: SettingLevelEnum, resolve: ({ inherited }) => inherited.level }),
  }),
});
const ExchangeSetting = choiceSetting("TokenExchangeSetting", TokenExchangeEnum);
const AudienceSetting = choiceSetting("TokenEndpointAudienceSetting", TokenEndpointAudienceEnum);

const MethodsSetting = builder.objectRef<SettingHere<readonly ClientAuthenticationMethod[]>>(
  "ClientAuthenticationMethodsSetting",
);
MethodsSetting.implement({
  ...carrier,
  fields: (t) => ({
    value: t.field({ type: [AuthenticationMethod], resolve: ({ value }) => [...value] }),
    level: t.expose("level", { type: SettingLevelEnum }),
    own: t.field({
      type: [AuthenticationMethod],
      nullable: true,
      description: ownMeaning,
      resolve: ({ own }) => (own === null ? null : [...own]),
    }),
    inheritedValue: t.field({
      type: [AuthenticationMethod],
      description: inheritedMeaning,
      resolve: ({ inherited }) => [...inherited.value],
    }),
    inheritedLevel: t.field({ type: SettingLevelEnum, resolve: ({ inherited }) => inherited.level }),
  }),
});

/** One sentence a setting, for its value and for its input. */
const meaning = {
  issuance:
    "Whether tokens are issued; those that were go on working. STOPPED at any level wins. The admin and the system workspace never stop.",
  accessTokenLifetime: "Seconds an access token lives, 60-86400. The shortest of all levels wins.",
  accessTokenFormat: "What new access tokens are. The nearest level wins.",
  customClaims:
    "Claims that are added to access tokens; everybody who holds a JWT reads them. A client's stand beside its workspace's, and instead of those of the same name. An input replaces all that this level says.",
  clientAuthenticationMethods: "How clients may authenticate. Only what every level allows.",
  dpop: "Whether tokens are bound to a key of their client (RFC 9449). REQUIRED at any level wins.",
  statusList:
    "Whether tokens carry their place in a status list, so that cut-offs show to those who check offline. ON at any level wins.",
  certificateBinding:
    "Whether tokens are bound to the certificate that their client showed (RFC 8705): OPTIONAL, those that were got with one; REQUIRED, all, and at any level it wins.",
  tokenExchange:
    "Whether clients may exchange tokens (RFC 8693). Allowed at some level and refused at none; what nobody allows is refused.",
  tokenEndpointAudience:
    "Whether a client's assertions may name the token endpoint as their sole audience, as older libraries do. Of clients alone.",
  clientSecretLimit: "Active secrets a client may have at once, 1-50. The least wins.",
  clientSecretLifetime: "Days a new client secret may live, 1-3650. The shortest wins; null: no limit.",
  clientKeyLifetime:
    "Days a new public key or certificate of a client may live, 1-3650. The shortest wins; null: no limit.",
  secretOverlap:
    "Seconds that a rotated secret goes on beside its successor, 1-2592000, where the rotation does not say. The nearest level wins.",
  secretOverlapLimit: "Seconds that a rotated secret may go on at most, 1-2592000. The least wins.",
  secretQuietPeriod:
    "Seconds without use after which a rotated secret is safe to retire, 300-604800. The nearest level wins.",
  signingAlgorithm: "Algorithm of new signatures. The nearest level wins.",
  jwksMaxAge: "Seconds a JWK Set may be cached, 1-3600. The nearest level wins.",
  signingKeyLifetime: "Days that a signing key signs before the next one takes over, 1-3650. The shortest wins.",
  maxStale:
    "Seconds that a server goes on from memory while it cannot hear of changes, 30-86400. The shortest wins; null: 60 while several servers run, else 900.",
  whenDatabaseAway: "What happens to a token whose record the database cannot take now. STOP at any level wins.",
  tokenLogRetention: "Days that the token log is kept, 1-3650. The shortest wins.",
  clientTokenLimit: "Token requests a minute that a client may make. The least wins; null: no limit.",
  workspaceTokenLimit: "Token requests a minute that a workspace takes. The least wins; null: no limit.",
};

SettingsRef.implement({
  description: "The settings that count here, each with the level that it comes from.",
  ...carrier,
  fields: (t) => ({
    issuance: t.field({
      type: IssuanceSetting,
      description: meaning.issuance,
      resolve: (settings) => settings.issuance,
    }),
    accessTokenLifetime: t.field({
      type: IntegerSetting,
      description: meaning.accessTokenLifetime,
      resolve: (settings) => settings.accessTokenLifetime,
    }),
    accessTokenFormat: t.field({
      type: FormatSetting,
      description: meaning.accessTokenFormat,
      resolve: (settings) => settings.accessTokenFormat,
    }),
    customClaims: t.field({
      type: ClaimsSetting,
      description: meaning.customClaims,
      resolve: (settings) => settings.customClaims,
    }),
    clientAuthenticationMethods: t.field({
      type: MethodsSetting,
      description: meaning.clientAuthenticationMethods,
      resolve: (settings) => settings.clientAuthenticationMethods,
    }),
    dpop: t.field({
      type: BindingSetting,
      description: meaning.dpop,
      resolve: (settings) => settings.dpop,
    }),
    statusList: t.field({
      type: StatusListSetting,
      description: meaning.statusList,
      resolve: (settings) => settings.statusList,
    }),
    certificateBinding: t.field({
      type: BindingSetting,
      description: meaning.certificateBinding,
      resolve: (settings) => settings.certificateBinding,
    }),
    tokenExchange: t.field({
      type: ExchangeSetting,
      description: meaning.tokenExchange,
      resolve: (settings) => settings.tokenExchange,
    }),
    tokenEndpointAudience: t.field({
      type: AudienceSetting,
      description: meaning.tokenEndpointAudience,
      resolve: (settings) => settings.tokenEndpointAudience,
    }),
    clientSecretLimit: t.field({
      type: IntegerSetting,
      description: meaning.clientSecretLimit,
      resolve: (settings) => settings.clientSecretLimit,
    }),
    clientSecretLifetime: t.field({
      type: IntegerSetting,
      description: meaning.clientSecretLifetime,
      resolve: (settings) => settings.clientSecretLifetime,
    }),
    clientKeyLifetime: t.field({
      type: IntegerSetting,
      description: meaning.clientKeyLifetime,
      resolve: (settings) => settings.clientKeyLifetime,
    }),
    secretOverlap: t.field({
      type: IntegerSetting,
      description: meaning.secretOverlap,
      resolve: (settings) => settings.secretOverlap,
    }),
    secretOverlapLimit: t.field({
      type: IntegerSetting,
      description: meaning.secretOverlapLimit,
      resolve: (settings) => settings.secretOverlapLimit,
    }),
    secretQuietPeriod: t.field({
      type: IntegerSetting,
      description: meaning.secretQuietPeriod,
      resolve: (settings) => settings.secretQuietPeriod,
    }),
    signingAlgorithm: t.field({
      type: AlgorithmSetting,
      description: meaning.signingAlgorithm,
      resolve: (settings) => settings.signingAlgorithm,
    }),
    jwksMaxAge: t.field({
      type: IntegerSetting,
      description: meaning.jwksMaxAge,
      resolve: (settings) => settings.jwksMaxAge,
    }),
    signingKeyLifetime: t.field({
      type: IntegerSetting,
      description: meaning.signingKeyLifetime,
      resolve: (settings) => settings.signingKeyLifetime,
    }),
    maxStale: t.field({
      type: IntegerSetting,
      description: meaning.maxStale,
      resolve: (settings) => settings.maxStale,
    }),
    whenDatabaseAway: t.field({
      type: AwaySetting,
      description: meaning.whenDatabaseAway,
      resolve: (settings) => settings.whenDatabaseAway,
    }),
    tokenLogRetention: t.field({
      type: IntegerSetting,
      description: meaning.tokenLogRetention,
      resolve: (settings) => settings.tokenLogRetention,
    }),
    clientTokenLimit: t.field({
      type: IntegerSetting,
      description: meaning.clientTokenLimit,
      resolve: (settings) => settings.clientTokenLimit,
    }),
    workspaceTokenLimit: t.field({
      type: IntegerSetting,
      description: meaning.workspaceTokenLimit,
      resolve: (settings) => settings.workspaceTokenLimit,
    }),
  }),
});

builder.queryField("installationSettings", (t) =>
  t.field({
    ...needs("installation-settings:read"),
    type: SettingsRef,
    nullable: true,
    resolve: (_, __, { actor }) => installationSettings(actor),
  }),
);

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;

const ofClient = (t: InputBuilder) => ({
  accessTokenLifetime: t.int({ description: meaning.accessTokenLifetime }),
  clientAuthenticationMethods: t.field({
    type: [AuthenticationMethod],
    description: meaning.clientAuthenticationMethods,
  }),
  dpop: t.field({ type: BindingUseEnum, description: meaning.dpop }),
  certificateBinding: t.field({ type: BindingUseEnum, description: meaning.certificateBinding }),
  tokenExchange: t.field({ type: TokenExchangeEnum, description: meaning.tokenExchange }),
  clientSecretLimit: t.int({ description: meaning.clientSecretLimit }),
  clientSecretLifetime: t.int({ description: meaning.clientSecretLifetime }),
  clientKeyLifetime: t.int({ description: meaning.clientKeyLifetime }),
  clientTokenLimit: t.int({ description: meaning.clientTokenLimit }),
  accessTokenFormat: t.field({ type: AccessTokenFormatEnum, description: meaning.accessTokenFormat }),
});
const claims = (t: InputBuilder) => ({
  customClaims: t.field({ type: [CustomClaimInput], description: meaning.customClaims }),
});
const ofIssuer = (t: InputBuilder) => ({
  ...ofClient(t),
  issuance: t.field({ type: IssuanceEnum, description: meaning.issuance }),
  signingAlgorithm: t.field({ type: SigningAlgorithmEnum, description: meaning.signingAlgorithm }),
  statusList: t.field({ type: StatusListUseEnum, description: meaning.statusList }),
  secretOverlap: t.int({ description: meaning.secretOverlap }),
  secretOverlapLimit: t.int({ description: meaning.secretOverlapLimit }),
  secretQuietPeriod: t.int({ description: meaning.secretQuietPeriod }),
  jwksMaxAge: t.int({ description: meaning.jwksMaxAge }),
  signingKeyLifetime: t.int({ description: meaning.signingKeyLifetime }),
  maxStale: t.int({ description: meaning.maxStale }),
  whenDatabaseAway: t.field({ type: WhenDatabaseAwayEnum, description: meaning.whenDatabaseAway }),
  tokenLogRetention: t.int({ description: meaning.tokenLogRetention }),
  workspaceTokenLimit: t.int({ description: meaning.workspaceTokenLimit }),
});

const rule = "A member that is left out stays; null goes back to what is inherited.";

mutation("updateInstallationSettings", {
  permission: "installation-settings:write",
  description: `Changes the settings of the installation. ${rule}`,
  run: updateInstallationSettings,
  input: ofIssuer,
  payload: (t) => ({
    settings: t.field({
      type: SettingsRef,
      nullable: true,
      resolve: ({ id }, _, { actor }) => (id === undefined ? null : installationSettings(actor)),
    }),
  }),
});

mutation("updateTenantSettings", {
  permission: "tenant-settings:write",
  description: `Changes the settings of your tenant. ${rule}`,
  run: updateTenantSettings,
  input: ofIssuer,
  payload: changed("tenant", TenantRef, ownTenant),
});

mutation("updateWorkspaceSettings", {
  permission: "settings:write",
  description: `Changes the settings of a workspace. ${rule}`,
  run: updateWorkspaceSettings,
  input: (t) => ({ workspaceId: t.field({ type: "WorkspaceId", required: true }), ...ofIssuer(t), ...claims(t) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("updateClientSettings", {
  permission: "client:write",
  description: `Changes the settings of a client. ${rule}`,
  run: updateClientSettings,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    ...ofClient(t),
    ...claims(t),
    tokenEndpointAudience: t.field({ type: TokenEndpointAudienceEnum, description: meaning.tokenEndpointAudience }),
  }),
  payload: changed("client", ClientRef, getClient),
});
