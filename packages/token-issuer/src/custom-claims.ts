import type { Client, Issuer } from "./store.ts";

/** A value of a custom claim: JSON. */
export type ClaimValue =
  | string
  | number
  | boolean
  | null
  | readonly ClaimValue[]
  | { readonly [name: string]: ClaimValue };

/** Claims that a workspace or a client adds to its access tokens, by name. */
export type CustomClaims = Readonly<Record<string, ClaimValue>>;

/** Why a claim may not be set. */
export type CustomClaimProblem = "reserved" | "name" | "member" | "depth" | "number" | "text" | "secret";

/**
 * Names in the registry of RFC 7519 §10.1, members of an introspection answer (RFC 7662 §2.2), and what drafts that we
 * build to will put there. In lower case: a near miss would be read as the claim by somebody.
 */
const RESERVED: ReadonlySet<string> = new Set(
  `iss sub aud exp nbf iat jti client_id scope act may_act azp cnf status ttl typ
  name given_name family_name middle_name nickname preferred_username profile picture website email email_verified
  gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at
  nonce auth_time at_hash c_hash s_hash acr amr sub_jwk sid vot vtm events toe txn
  roles groups entitlements authorization_details token_introspection active username token_type issued_token_type
  sip_from_tag sip_date sip_callid sip_cseq_num sip_via_branch orig dest mky rph origid attest div opt jcard at_use_nbr
  sph msgi crn rcd rcdi vc vp vct ace_profile cnonce exi htm htu ath atc sub_id also_known_as
  verified_claims place_of_birth nationalities birth_family_name birth_given_name birth_middle_name salutation title
  msisdn _claim_names _claim_sources _sd _sd_alg cdniv cdnicrit cdniip cdniuc cdniets cdnistt cdnistd sig_val_claims
  eat_nonce ueid sueids oemid hwmodel hwversion oemboot dbgstat location eat_profile submods uptime bootcount bootseed
  dloas swname swversion manifests measurements measres intuse geohash rdap_allowed_purposes rdap_dnt_allowed
  correlation_id error error_description error_uri`.split(/\s+/),
);

/** A word, or a name that nobody else's can collide with (RFC 7519 §4.2). A dot in a word would read like a path. */
const WORD = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const URI = /^(?:https?:\/\/|urn:)[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]{1,200}$/;

/** Members that JavaScript and its libraries take for something else than data. */
const MAGIC: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Our own credentials, private keys and JWTs: a claim is read by everybody who sees the token. */
const SECRET = /mm[astpr]_[A-Za-z0-9]|PRIVATE KEY|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.|^(?:Bearer|Basic|Token) /;

const DEEPEST = 4;

/** What keeps a claim from being added to tokens, or `undefined`. */
export function customClaimProblem(name: string, value: unknown): CustomClaimProblem | undefined {
  if (RESERVED.has(name.toLowerCase())) return "reserved";
  if (MAGIC.has(name) || !(WORD.test(name) || URI.test(name))) return "name";
  return valueProblem(value, 1);
}

function valueProblem(value: unknown, depth: number): CustomClaimProblem | undefined {
  if (typeof value === "string") return textProblem(value);
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "number";
  if (typeof value !== "object") return value === undefined ? "member" : undefined;
  if (value === null) return undefined;
  if (depth === DEEPEST) return "depth";
  if (!Array.isArray(value) && Object.keys(value).some((member) => MAGIC.has(member))) return "member";
  for (const [name, member] of Object.entries(value)) {
    const problem = (isKeepable(name) ? undefined : "text") ?? valueProblem(member, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

/** Half a character and NUL are JSON, and no database or log keeps them. */
const isKeepable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

function textProblem(text: string): CustomClaimProblem | undefined {
  if (!isKeepable(text)) return "text";
  return SECRET.test(text) ? "secret" : undefined;
}

interface Fixed {
  /** What the issuer adds: another one makes another text. */
  readonly wider: CustomClaims | undefined;
  readonly text: string;
}

/** The texts of claims that were asked for before: most tokens of a client have the same. */
const fixed = new WeakMap<CustomClaims, Fixed>();

/**
 * The custom claims of a client's tokens as JSON members, each with a comma before it; empty where there are none. The
 * client's own replace its issuer's of the same name. What may not be set is left out, wherever it comes from.
 */
export function customClaimsText({ customClaims: wider }: Issuer, { customClaims: own }: Client): string {
  const nearest = own ?? wider;
  if (nearest === undefined) return "";
  const known = fixed.get(nearest);
  if (known && known.wider === wider) return known.text;
  const all = new Map([...Object.entries(wider ?? {}), ...Object.entries(own ?? {})]);
  const text = [...all]
    .filter(([name, value]) => customClaimProblem(name, value) === undefined)
    .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join("");
  fixed.set(nearest, { wider, text });
  return text;
}
