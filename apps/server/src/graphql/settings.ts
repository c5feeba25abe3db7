import {
  type GeneratedType,
  getClient,
  getWorkspace,
  installationSettings,
  ownTenant,
  type SettingHere,
  type SettingsHere,
  updateClientSettings,
  updateInstallationSettings,
  updateTenantSettings,
  updateWorkspaceSettings,
} from "@mintmark/domain";
import type { ClientAuthenticationMethod, CustomClaims } from "@mintmark/token-issuer";
import type { EnumRef, GenericInputFieldRef, ObjectRef, TypeParam } from "@pothos/core";
import { carrier, needs } from "./authorise.ts";
import { builder, type Types } from "./builder.ts";
import {
  AccessTokenFormatEnum,
  ApprovalUseEnum,
  AuthenticationMethod,
  BindingUseEnum,
  GeneratedTypeEnum,
  IssuanceEnum,
  SettingLevelEnum,
  SigningAlgorithmEnum,
  StatusListUseEnum,
  SwitchEnum,
  TokenEndpointAudienceEnum,
  TokenExchangeEnum,
  TokenExpiryEnum,
  WhenDatabaseAwayEnum,
} from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { ClientRef, SettingsRef, TenantRef, WorkspaceRef } from "./refs.ts";

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;

const ownMeaning = "What this level itself says; null is nothing. It may be overruled by a stricter one.";
const inheritedMeaning = "What would count if this level said nothing.";

/** Few of them, each of two texts. */
const small = { complexity: { field: 1, multiplier: 1 } } as const;

/** One setting: how it is read, and how it is set. */
interface Setting {
  readonly ref: ObjectRef<Types, SettingHere<unknown>>;
  /** One sentence, for its value and for its input. */
  readonly meaning: string;
  readonly input: (t: InputBuilder) => GenericInputFieldRef;
}

/** Settings of a kind, each by its meaning. */
const settingsOf =
  (
    ref: ObjectRef<Types, SettingHere<unknown>>,
    input: (t: InputBuilder, description: string) => GenericInputFieldRef,
  ) =>
  (meaning: string): Setting => ({ ref, meaning, input: (t) => input(t, meaning) });

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

const integer = settingsOf(IntegerSetting, (t, description) => t.int({ description }));

/** A value of that type, and the level that it comes from. */
function settingRef<T>(name: string, type: TypeParam<Types>, shown: (value: T) => unknown, cost = {}) {
  const ref = builder.objectRef<SettingHere<T>>(name);
  ref.implement({
    ...carrier,
    fields: (t) => ({
      value: t.field({ type, ...cost, resolve: ({ value }) => shown(value) as never }),
      level: t.expose("level", { type: SettingLevelEnum }),
      own: t.field({
        type,
        ...cost,
        nullable: true,
        description: ownMeaning,
        resolve: ({ own }) => (own === null ? null : shown(own)) as never,
      }),
      inheritedValue: t.field({
        type,
        ...cost,
        description: inheritedMeaning,
        resolve: ({ inherited }) => shown(inherited.value) as never,
      }),
      inheritedLevel: t.field({ type: SettingLevelEnum, resolve: ({ inherited }) => inherited.level }),
    }),
  });
  return ref;
}

const choice = <T extends string>(name: string, type: EnumRef<Types, T>) =>
  settingsOf(
    settingRef<T>(name, type, (value) => value),
    (t, description) => t.field({ type, description }),
  );
const binding = choice("BindingSetting", BindingUseEnum);
const onOrOff = choice("SwitchSetting", SwitchEnum);

const methods = settingsOf(
  settingRef<readonly ClientAuthenticationMethod[]>(
    "ClientAuthenticationMethodsSetting",
    [AuthenticationMethod],
    (value) => [...value],
  ),
  (t, description) => t.field({ type: [AuthenticationMethod], description }),
);

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

const customClaims = settingsOf(
  settingRef<CustomClaims>("CustomClaimsSetting", [CustomClaimRef], claimList, small),
  (t, description) => t.field({ type: [CustomClaimInput], description }),
);

const settings = {
  issuance: choice(
    "IssuanceSetting",
    IssuanceEnum,
  )(
    "Whether tokens are issued; those that were go on working. STOPPED at any level wins. The admin and the system workspace never stop.",
  ),
  accessTokenLifetime: integer("Seconds an access token lives, 60-86400. The shortest of all levels wins."),
  accessTokenFormat: choice(
    "AccessTokenFormatSetting",
    AccessTokenFormatEnum,
  )("What new access tokens are. The nearest level wins."),
  customClaims: customClaims(
    "Claims that are added to access tokens; everybody who holds a JWT reads them. A client's stand beside its workspace's, and instead of those of the same name. An input replaces all that this level says.",
  ),
  clientAuthenticationMethods: methods("How clients may authenticate. Only what every level allows."),
  dpop: binding("Whether tokens are bound to a key of their client (RFC 9449). REQUIRED at any level wins."),
  statusList: choice(
    "StatusListSetting",
    StatusListUseEnum,
  )(
    "Whether tokens carry their place in a status list, so that cut-offs show to those who check offline. ON at any level wins.",
  ),
  certificateBinding: binding(
    "Whether tokens are bound to the certificate that their client showed (RFC 8705): OPTIONAL, those that were got with one; REQUIRED, all, and at any level it wins.",
  ),
  tokenExchange: choice(
    "TokenExchangeSetting",
    TokenExchangeEnum,
  )(
    "Whether clients may exchange tokens (RFC 8693). Allowed at some level and refused at none; what nobody allows is refused.",
  ),
  tokenEndpointAudience: choice(
    "TokenEndpointAudienceSetting",
    TokenEndpointAudienceEnum,
  )(
    "Whether a client's assertions may name the token endpoint as their sole audience, as older libraries do. Of clients alone.",
  ),
  jwtScheme: onOrOff(
    "Whether access tokens may come as `Authorization: JWT` to this server's own APIs and to forward-auth; API tokens never. OFF at any level wins, and what nobody says is OFF.",
  ),
  clientApproval: choice(
    "ApprovalSetting",
    ApprovalUseEnum,
  )(
    "Whether a client has to be approved before it holds credentials; those that there were stay approved. REQUIRED at any level wins.",
  ),
  clientSecretLimit: integer("Active secrets a client may have at once, 1-50. The least wins."),
  clientSecretLifetime: integer("Days a new client secret may live, 1-3650. The shortest wins; null: no limit."),
  clientKeyLifetime: integer(
    "Days a new public key or certificate of a client may live, 1-3650. The shortest wins; null: no limit.",
  ),
  secretOverlap: integer(
    "Seconds that a rotated secret goes on beside its successor, 1-2592000, where the rotation does not say. The nearest level wins.",
  ),
  secretOverlapLimit: integer("Seconds that a rotated secret may go on at most, 1-2592000. The least wins."),
  secretQuietPeriod: integer(
    "Seconds without use after which a rotated secret is safe to retire, 300-604800. The nearest level wins.",
  ),
  generatedTypes: settingsOf(
    settingRef<readonly GeneratedType[]>("GeneratedTypesSetting", [GeneratedTypeEnum], (value) => [...value]),
    (t, description) => t.field({ type: [GeneratedTypeEnum], description }),
  )(
    "Which types members may generate, beside whether apiTokens and personalTokens let them; what there is goes on working. Only what every level allows; what a member generates for themselves counts at the admin workspace. What nobody says is STATIC_TOKEN.",
  ),
  apiTokens: onOrOff(
    "Whether API tokens can be made; those that were go on working. OFF at any level wins, and what nobody says is OFF.",
  ),
  apiTokenLimit: integer("Working API tokens a client may have at once, 1-50. The least wins."),
  personalTokens: onOrOff(
    "Whether members can make personal tokens; those that were go on working. It counts at the admin workspace; OFF at any level wins, and what nobody says is OFF.",
  ),
  personalTokenLimit: integer(
    "Working personal tokens a member may have at once, 1-50. It counts at the admin workspace; the least wins.",
  ),
  staticTokenLifetime: integer(
    "Days that an API token or a personal token may live, 1-3650; such a limit forbids never too. The shortest wins; null: no limit.",
  ),
  staticTokenExpiry: choice(
    "TokenExpirySetting",
    TokenExpiryEnum,
  )("Whether API tokens and personal tokens have to end. REQUIRED at any level wins."),
  signingAlgorithm: choice(
    "SigningAlgorithmSetting",
    SigningAlgorithmEnum,
  )(
    "Algorithm of new signatures. The nearest level wins. Opaque tokens have none: they are sealed with A256GCM whatever stands here.",
  ),
  jwksMaxAge: integer("Seconds a JWK Set may be cached, 1-3600. The nearest level wins."),
  signingKeyLifetime: integer(
    "Days that a signing key signs before the next one takes over, 1-3650. The shortest wins.",
  ),
  maxStale: integer(
    "Seconds that a server goes on from memory while it cannot hear of changes, 30-86400. The shortest wins; null: 60 while several servers run, else 900.",
  ),
  whenDatabaseAway: choice(
    "WhenDatabaseAwaySetting",
    WhenDatabaseAwayEnum,
  )("What happens to a token whose record the database cannot take now. STOP at any level wins."),
  tokenLogRetention: integer("Days that the token log is kept, 1-3650. The shortest wins."),
  auditRetention: integer(
    "Days that the audit log is kept, 30-3650. The shortest wins; null: for ever. Asks for a recent proof of who you are.",
  ),
  clientTokenLimit: integer("Token requests a minute that a client may make. The least wins; null: no limit."),
  workspaceTokenLimit: integer("Token requests a minute that a workspace takes. The least wins; null: no limit."),
} satisfies { readonly [S in keyof SettingsHere]: Setting };
type SettingName = keyof typeof settings;
const names = Object.keys(settings) as SettingName[];

SettingsRef.implement({
  description: "The settings that count here, each with the level that it comes from.",
  ...carrier,
  fields: (t) =>
    Object.fromEntries(
      names.map((name) => {
        const { ref, meaning } = settings[name];
        return [name, t.field({ type: ref, description: meaning, resolve: (all) => all[name] as never })];
      }),
    ),
});

builder.queryField("installationSettings", (t) =>
  t.field({
    ...needs("installation-settings:read"),
    type: SettingsRef,
    nullable: true,
    resolve: (_, __, { actor }) => installationSettings(actor),
  }),
);

const inputs = (t: InputBuilder, which: readonly SettingName[]) =>
  Object.fromEntries(which.map((name) => [name, settings[name].input(t)]));

/** What a client may say too. */
const ofClient: readonly SettingName[] = [
  "accessTokenLifetime",
  "clientAuthenticationMethods",
  "dpop",
  "certificateBinding",
  "tokenExchange",
  "clientSecretLimit",
  "clientSecretLifetime",
  "clientKeyLifetime",
  "apiTokenLimit",
  "clientTokenLimit",
  "accessTokenFormat",
  "signingAlgorithm",
];
const ofNoIssuer: readonly SettingName[] = ["customClaims", "tokenEndpointAudience"];
const ofIssuer = names.filter((name) => !ofNoIssuer.includes(name));

const rule = "A member that is left out stays; null goes back to what is inherited.";

mutation("updateInstallationSettings", {
  permission: "installation-settings:write",
  description: `Changes the settings of the installation. ${rule}`,
  run: updateInstallationSettings,
  input: (t) => inputs(t, ofIssuer),
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
  input: (t) => inputs(t, ofIssuer),
  payload: changed("tenant", TenantRef, ownTenant),
});

mutation("updateWorkspaceSettings", {
  permission: "settings:write",
  description: `Changes the settings of a workspace. ${rule}`,
  run: updateWorkspaceSettings,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    ...inputs(t, [...ofIssuer, "customClaims"]),
  }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("updateClientSettings", {
  permission: "client:write",
  description: `Changes the settings of a client. ${rule}`,
  run: updateClientSettings,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    ...inputs(t, [...ofClient, "customClaims", "tokenEndpointAudience"]),
  }),
  payload: changed("client", ClientRef, getClient),
});
