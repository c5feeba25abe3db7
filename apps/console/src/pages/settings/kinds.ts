import { number, plural } from "../../format.ts";
import type { ClientSettingsHereFragment, SettingsHereFragment } from "../../gql/graphql.ts";
import { seconds } from "./seconds.ts";
import { words } from "./text.ts";

/** Every setting by its name in the schema; stopping is an act of its own. */
export type SettingName = Exclude<keyof SettingsHereFragment, "__typename" | "issuance">;

/** A setting as it stands at one level. */
export type Here = Pick<
  SettingsHereFragment[SettingName],
  "value" | "level" | "own" | "inheritedValue" | "inheritedLevel"
>;

/** What the levels of a workspace and above say, or the few of a client. */
export type SettingsHere = ClientSettingsHereFragment & Partial<SettingsHereFragment>;

interface Said {
  readonly label: string;
  /** What it is for, in one sentence. */
  readonly help: string;
  /** Which level wins. */
  readonly rule: string;
}

interface Option {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
}

/** How a setting is shown and given. */
export type Kind =
  | (Said & {
      readonly type: "number";
      readonly unit: string;
      /** A value in its own unit: `15 min`. */
      readonly inWords: (value: number) => string;
      /** What counts while no level sets it, where that is not "no limit". */
      readonly none?: string;
      /** What the field starts with when it is set here. */
      readonly first: number;
    })
  | (Said & { readonly type: "choice"; readonly options: readonly Option[] })
  | (Said & { readonly type: "methods"; readonly options: readonly Option[] })
  | (Said & { readonly type: "claims" });

const { rules } = words;
const days = (value: number) => plural(value, "day");
const perMinute = (value: number) => `${number(value)} a minute`;

/** The ways in which clients may prove themselves, by their names on the wire. */
export const methodOptions = [
  {
    value: "CLIENT_SECRET_BASIC",
    label: "client_secret_basic",
    help: "In the Authorization header (HTTP Basic).",
  },
  { value: "CLIENT_SECRET_POST", label: "client_secret_post", help: "In the body of the request." },
  { value: "PRIVATE_KEY_JWT", label: "private_key_jwt", help: "A JWT signed with a key of its own." },
  { value: "FEDERATED_JWT", label: "federated_jwt", help: "A JWT of the platform that it runs on." },
  { value: "TLS_CLIENT_AUTH", label: "tls_client_auth", help: "A certificate that a trusted authority signed." },
  {
    value: "SELF_SIGNED_TLS_CLIENT_AUTH",
    label: "self_signed_tls_client_auth",
    help: "A certificate that was registered itself.",
  },
] as const satisfies readonly Option[];

/** The types that members can generate. */
const typeOptions = [
  {
    value: "STATIC_TOKEN",
    label: "Static tokens",
    help: "API tokens and personal tokens: strings that are sent as they are.",
  },
  {
    value: "CLIENT_CREDENTIALS",
    label: "Client credentials",
    help: "A client ID and a secret that get access tokens, which end within minutes.",
  },
] as const satisfies readonly Option[];

/** What each setting is called, what it is for, and in which unit. */
export const kinds: Readonly<Record<SettingName, Kind>> = {
  accessTokenLifetime: {
    type: "number",
    label: "Token lifetime",
    help: "How long an access token lives; 1 minute to 1 day.",
    rule: rules.shortest,
    unit: "seconds",
    inWords: seconds,
    first: 900,
  },
  accessTokenFormat: {
    type: "choice",
    label: "Token format",
    help: "A JWT can be checked offline by any library, and read by everybody who holds it. An opaque token is opened by the issuer alone, at introspection and forward-auth.",
    rule: rules.nearest,
    options: [
      { value: "JWT", label: "JWT" },
      { value: "OPAQUE", label: "Opaque" },
    ],
  },
  customClaims: {
    type: "claims",
    label: "Custom claims",
    help: "Added to every token, for every API that it is for to read. Never a secret.",
    rule: "A client's claims stand beside its workspace's, and instead of those of the same name.",
  },
  clientTokenLimit: {
    type: "number",
    label: "Token requests of one client",
    help: "More than that in a minute is refused with 429.",
    rule: rules.least,
    unit: "requests a minute",
    inWords: perMinute,
    first: 600,
  },
  workspaceTokenLimit: {
    type: "number",
    label: "Token requests of a whole workspace",
    help: "All its clients together; more is refused with 429.",
    rule: rules.least,
    unit: "requests a minute",
    inWords: perMinute,
    first: 60_000,
  },
  clientAuthenticationMethods: {
    type: "methods",
    label: "Allowed methods",
    help: "How a client may prove itself at the token endpoint.",
    rule: rules.all,
    options: methodOptions,
  },
  dpop: {
    type: "choice",
    label: "Tokens bound to a key (DPoP)",
    help: "A stolen token is then of no use without that key. Required: a request without a DPoP proof is refused.",
    rule: rules.strict,
    options: [
      { value: "OPTIONAL", label: "When it sends a proof" },
      { value: "REQUIRED", label: "Required" },
    ],
  },
  statusList: {
    type: "choice",
    label: "Status list for offline checks",
    help: "APIs that ask for the list see a client's cut-off within seconds, without introspection. Tokens grow by some 120 bytes.",
    rule: rules.strict,
    options: [
      { value: "OFF", label: "Off" },
      { value: "ON", label: "On" },
    ],
  },
  certificateBinding: {
    type: "choice",
    label: "Tokens bound to a certificate (mutual TLS)",
    help: "A stolen token is then of no use without the certificate's key. Required: a request without one is refused.",
    rule: rules.strict,
    options: [
      { value: "OPTIONAL", label: "When it shows one" },
      { value: "REQUIRED", label: "Required" },
    ],
  },
  tokenExchange: {
    type: "choice",
    label: "Token exchange (RFC 8693)",
    help: "A client shows a token and gets a narrower one in its subject's name. It is refused where nobody allows it.",
    rule: rules.strict,
    options: [
      { value: "ALLOWED", label: "Allowed" },
      { value: "REFUSED", label: "Refused" },
    ],
  },
  tokenEndpointAudience: {
    type: "choice",
    label: "Assertions for the token endpoint",
    help: "Older libraries name the token endpoint as the audience of what they sign, not the issuer.",
    rule: rules.nearest,
    options: [
      { value: "REFUSED", label: "Refused" },
      { value: "ACCEPTED", label: "Accepted" },
    ],
  },
  clientApproval: {
    type: "choice",
    label: "Approval of new clients",
    help: "Required: a client that somebody makes who may not approve it waits, without a credential, for somebody who may. Those that there are stay approved.",
    rule: rules.strict,
    options: [
      { value: "NONE", label: "Not needed" },
      { value: "REQUIRED", label: "Required" },
    ],
  },
  clientSecretLifetime: {
    type: "number",
    label: "Longest life of a new secret",
    help: "A secret that is made must end within that time.",
    rule: rules.shortest,
    unit: "days",
    inWords: days,
    first: 90,
  },
  clientSecretLimit: {
    type: "number",
    label: "Active secrets at once",
    help: "Two are needed to rotate without an outage.",
    rule: rules.least,
    unit: "secrets",
    inWords: (value) => plural(value, "secret"),
    first: 5,
  },
  secretOverlap: {
    type: "number",
    label: "Old and new secret work side by side for",
    help: "When a secret is rotated and nobody says otherwise.",
    rule: rules.nearest,
    unit: "seconds",
    inWords: seconds,
    first: 172_800,
  },
  secretOverlapLimit: {
    type: "number",
    label: "Side by side for at most",
    help: "A rotation may be extended, or undone, until then.",
    rule: rules.shortest,
    unit: "seconds",
    inWords: seconds,
    first: 2_592_000,
  },
  secretQuietPeriod: {
    type: "number",
    label: "Quiet before an old secret retires",
    help: "Without use for that long, and longer than it ever paused, it is safe to retire.",
    rule: rules.nearest,
    unit: "seconds",
    inWords: seconds,
    first: 3600,
  },
  generatedTypes: {
    type: "methods",
    label: "Types that members may generate",
    help: "For applications, and for themselves where personal tokens are on. What there is goes on working.",
    rule: rules.all,
    options: typeOptions,
  },
  apiTokens: {
    type: "choice",
    label: "API tokens",
    help: "Long-lived strings for callers that cannot ask for access tokens. Off hides them and refuses new ones; existing ones keep working.",
    rule: rules.strict,
    options: [
      { value: "OFF", label: "Off" },
      { value: "ON", label: "On" },
    ],
  },
  apiTokenLimit: {
    type: "number",
    label: "API tokens of one client at once",
    help: "Those that work are counted; one more is refused. 1 to 50.",
    rule: rules.least,
    unit: "tokens",
    inWords: (value) => plural(value, "token"),
    first: 2,
  },
  personalTokens: {
    type: "choice",
    label: "Personal tokens",
    help: "Strings that act as a member at Mintmark's own APIs. What counts is what the admin workspace has. Off refuses new ones; existing ones keep working.",
    rule: rules.strict,
    options: [
      { value: "OFF", label: "Off" },
      { value: "ON", label: "On" },
    ],
  },
  personalTokenLimit: {
    type: "number",
    label: "Personal tokens of one member at once",
    help: "Those that work are counted; one more is refused. 1 to 50.",
    rule: rules.least,
    unit: "tokens",
    inWords: (value) => plural(value, "token"),
    first: 5,
  },
  staticTokenLifetime: {
    type: "number",
    label: "Longest life of a new API or personal token",
    help: "One that is made must end within that time, so never is no choice then.",
    rule: rules.shortest,
    unit: "days",
    inWords: days,
    first: 365,
  },
  staticTokenExpiry: {
    type: "choice",
    label: "End of API and personal tokens",
    help: "Whether a token may be made that never ends.",
    rule: rules.strict,
    options: [
      { value: "OPTIONAL", label: "Never is allowed" },
      { value: "REQUIRED", label: "They have to end" },
    ],
  },
  jwtScheme: {
    type: "choice",
    label: "Authorization: JWT",
    help: "An old spelling of Bearer. Refused: the answer names Bearer. Accepted: Mintmark's own APIs and forward-auth take access tokens under both.",
    rule: rules.strict,
    options: [
      { value: "OFF", label: "Refused" },
      { value: "ON", label: "Accepted" },
    ],
  },
  clientKeyLifetime: {
    type: "number",
    label: "Longest life of a new key or certificate",
    help: "One that is registered must end within that time.",
    rule: rules.shortest,
    unit: "days",
    inWords: days,
    first: 365,
  },
  signingAlgorithm: {
    type: "choice",
    label: "Signing algorithm",
    help: "Another one signs as soon as every cached key set has its first key. Opaque tokens are sealed, whatever stands here.",
    rule: rules.nearest,
    options: ["ES256", "EdDSA", "PS256", "RS256"].map((value) => ({ value, label: value })),
  },
  signingKeyLifetime: {
    type: "number",
    label: "A key signs for",
    help: "Then the next one, published long before, takes over by itself.",
    rule: rules.shortest,
    unit: "days",
    inWords: days,
    first: 90,
  },
  jwksMaxAge: {
    type: "number",
    label: "Key set may be cached for",
    help: "A new key is published for twice that time before it signs.",
    rule: rules.nearest,
    unit: "seconds",
    inWords: seconds,
    first: 300,
  },
  tokenLogRetention: {
    type: "number",
    label: "Token log is kept for",
    help: "Older decisions are deleted for good.",
    rule: rules.shortest,
    unit: "days",
    inWords: days,
    first: 30,
  },
  auditRetention: {
    type: "number",
    label: "Audit log is kept for",
    help: "Older entries are deleted for good, from the oldest on, behind a signed checkpoint that goes to the server's log. 30 days or more.",
    rule: rules.shortest,
    unit: "days",
    inWords: days,
    none: "ever",
    first: 365,
  },
  whenDatabaseAway: {
    type: "choice",
    label: "While the database is away",
    help: "Continue: each token's record is kept on the server's disk and written later. Stop: no token, the answer is 503.",
    rule: rules.strict,
    options: [
      { value: "CONTINUE", label: "Continue" },
      { value: "STOP", label: "Stop" },
    ],
  },
  maxStale: {
    type: "number",
    label: "Longest time without news",
    help: "How long a server that cannot hear of changes goes on from memory; 30 seconds to 1 day.",
    rule: rules.shortest,
    unit: "seconds",
    inWords: seconds,
    none: "60 s with several servers, 15 min with one",
    first: 300,
  },
};

interface Claim {
  readonly name: string;
  /** JSON. */
  readonly value: string;
}

const isClaim = (one: unknown): one is Claim => typeof one === "object" && one !== null && "name" in one;
const claimsOf = (value: unknown): readonly Claim[] => (Array.isArray(value) ? value.filter(isClaim) : []);

/** Claims as they are typed: one a line. */
export const claimLines = (value: unknown): string =>
  claimsOf(value)
    .map(({ name, value: json }) => `${name} = ${json}`)
    .join("\n");

/** What is no JSON is meant as a text. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** The claims that were typed; a line without `=` is a claim without a value, which the server refuses by name. */
export const claimsTyped = (lines: string): readonly Claim[] =>
  lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf(" = ") >= 0 ? line.indexOf(" = ") + 1 : line.indexOf("=");
      if (at < 0) return { name: line.trim(), value: "" };
      return { name: line.slice(0, at).trim(), value: asJson(line.slice(at + 1).trim()) };
    });

/** A value of a setting as people read it. */
export function valueWords(kind: Kind, value: Here["value"] | undefined): string {
  if (kind.type === "number") return typeof value === "number" ? kind.inWords(value) : (kind.none ?? words.noLimit);
  if (kind.type === "claims")
    return (
      claimsOf(value)
        .map(({ name }) => name)
        .join(", ") || words.noClaims
    );
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (kind.type === "methods" && kind.options.every((option) => chosen.includes(option.value))) return words.allMethods;
  return kind.options
    .filter((option) => chosen.includes(option.value))
    .map(({ label }) => label)
    .join(", ");
}

/** "15 min, set by the workspace." */
export function fromWords(kind: Kind, value: Here["value"] | undefined, level: Here["level"]): string {
  const said = valueWords(kind, value);
  return level === "DEFAULT" ? words.fromDefault(said) : words.from(said, words.levels[level]);
}
