import type { Database } from "@mintmark/db";
import type {
  CertificateCredential,
  Client,
  ClientKey,
  ClientKeySet,
  FederatedCredential,
  Issuer,
  SigningAlgorithm,
} from "@mintmark/token-issuer";
import { BoundedCache } from "@mintmark/token-issuer";
import { commonScopes } from "../authority/bounded-power.ts";
import { type SecretJson, StoredSecret } from "../credentials/stored-secret.ts";
import type { OwnSettings } from "../settings/settings.ts";
import type { Tag } from "./drops.ts";
import type { Snapshot } from "./snapshot-cache.ts";
import { drawStatusNumbers } from "./status-numbers.ts";

/** Secrets looked at: the living ones, of which there are at most 50, and the youngest dead ones for the log. */
const SECRETS = 64;
/** Keys and certificates looked at: the living ones, of which there are at most 10, and the youngest dead ones for the log. */
const KEYS = 20;

/** Different sets of grants and of methods of which equal ones are one object: many clients have the same. */
const SETS = 50_000;
const grantSets = new BoundedCache<Client["grants"]>(SETS);
const methodSets = new BoundedCache<NonNullable<Client["clientAuthenticationMethods"]>>(SETS);
const claimSets = new BoundedCache<NonNullable<Client["customClaims"]>>(SETS);

interface GrantJson {
  readonly identifier: string;
  readonly scopes: readonly string[] | null;
}

/** What a grant or an assigned role gives at one resource, and when it counts. */
interface HeldJson extends GrantJson {
  readonly from?: string;
  readonly expires: string | null;
}

/** When a credential counts. */
interface SpanJson {
  readonly id: string;
  readonly from: string;
  readonly expires: string | null;
  readonly revoked: string | null;
}

interface CertificateJson {
  readonly id: string;
  readonly type: CertificateCredential["subjectType"];
  readonly subject: string;
  readonly from: string;
  readonly expires: string | null;
  readonly revoked: string | null;
}

/** A key, or the address of keys. */
type KeyJson = SpanJson &
  (
    | { readonly kid: string | null; readonly jwk: ClientKey["publicJwk"]; readonly uri: null }
    | { readonly jwk: null; readonly uri: string }
  );

type FederatedJson = SpanJson &
  Pick<FederatedCredential, "issuer" | "audience" | "claims"> & {
    readonly jwks: NonNullable<FederatedCredential["keys"]> | null;
  };

interface ClientRow {
  /** Its place among those asked for. */
  readonly at: number;
  readonly id: string;
  readonly client_id: string;
  readonly status: "active" | "disabled";
  readonly approval: "approved" | "waiting" | "refused";
  readonly settings: OwnSettings;
  readonly tokens_not_before: Date | null;
  readonly cut_offs: number;
  readonly algorithm_before: SigningAlgorithm | null;
  readonly status_number: number | null;
  readonly secrets: readonly SecretJson[] | null;
  readonly keys: readonly KeyJson[] | null;
  readonly certificates: readonly CertificateJson[] | null;
  readonly federated: readonly FederatedJson[] | null;
  readonly grants: readonly HeldJson[] | null;
  readonly assigned: readonly HeldJson[] | null;
  /** The member whose own it is, and what that one holds here. */
  readonly owner: string | null;
  readonly follows: boolean;
  readonly bound: readonly HeldJson[] | null;
}

/** Loads clients of issuers by what they send, in one statement: with their secrets and all that they may ask for. */
export async function loadClients(
  { sql }: Pick<Database, "sql">,
  wanted: readonly { readonly issuer: Issuer; readonly clientId: string }[],
  now: Date,
): Promise<readonly Snapshot<Client>[]> {
  const rows = await sql<ClientRow[]>`
    select w.at::int - 1 as at, c.id, c.client_id, c.status, c.approval, c.settings, c.tokens_not_before, c.cut_offs,
      c.signing_algorithm_before as algorithm_before,
      (select n.number from status_numbers n where n.tenant_id = c.tenant_id and n.client_id = c.id
        and n.cut_offs = c.cut_offs) as status_number,
      (select json_agg(s) from (
        select s.id, encode(s.digest, 'hex') as digest, s.pepper_version as pepper, s.not_before as "from",
          s.expires_at as expires, s.revoked_at as revoked
        from client_secrets s where s.tenant_id = c.tenant_id and s.client_id = c.id
        order by (s.revoked_at is null and (s.expires_at is null or s.expires_at > ${now})) desc, s.created_at desc
        limit ${SECRETS}) s) as secrets,
      (select json_agg(k) from (
        select k.id, k.kid, k.public_jwk as jwk, k.jwks_uri as uri, k.not_before as "from", k.expires_at as expires,
          k.revoked_at as revoked
        from client_keys k where k.tenant_id = c.tenant_id and k.client_id = c.id
        order by (k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})) desc, k.created_at desc
        limit ${KEYS}) k) as keys,
      (select json_agg(k) from (
        select k.id, k.subject_type as type, k.subject, k.not_before as "from", k.expires_at as expires,
          k.revoked_at as revoked
        from client_certificates k where k.tenant_id = c.tenant_id and k.client_id = c.id
        order by (k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})) desc, k.created_at desc
        limit ${KEYS}) k) as certificates,
      (select json_agg(f) from (
        select f.id, f.issuer, f.audience, f.claims, f.jwks, f.not_before as "from", f.expires_at as expires,
          f.revoked_at as revoked
        from federated_credentials f where f.tenant_id = c.tenant_id and f.client_id = c.id
        order by (f.revoked_at is null and (f.expires_at is null or f.expires_at > ${now})) desc, f.created_at desc
        limit ${KEYS}) f) as federated,
      (select json_agg(json_build_object('identifier', r.identifier, 'expires', g.expires_at, 'scopes', (
          select json_agg(s.name) from client_grant_scopes x
          join scopes s on s.tenant_id = x.tenant_id and s.id = x.scope_id
          where x.tenant_id = g.tenant_id and x.grant_id = g.id)))
        from client_grants g join resources r on r.tenant_id = g.tenant_id and r.id = g.resource_id
        where g.tenant_id = c.tenant_id and g.client_id = c.id) as grants,
      (select json_agg(a) from (
        select r.identifier, a.not_before as "from", a.expires_at as expires, array_agg(s.name) as scopes
        from assignments a
        join role_scopes x on x.tenant_id = a.tenant_id and x.role_id = a.role_id
        join scopes s on s.tenant_id = x.tenant_id and s.id = x.scope_id
        join resources r on r.tenant_id = s.tenant_id and r.id = s.resource_id
        where a.tenant_id = c.tenant_id and a.client_id = c.id
        group by a.id, a.not_before, a.expires_at, r.identifier) a) as assigned,
      c.owner_member_id as owner, c.follows_owner as follows,
      case when c.owner_member_id is not null then (select json_agg(a) from (
        select r.identifier, a.not_before as "from", a.expires_at as expires, array_agg(s.name) as scopes
        from assignments a
        join role_scopes x on x.tenant_id = a.tenant_id and x.role_id = a.role_id
        join scopes s on s.tenant_id = x.tenant_id and s.id = x.scope_id
        join resources r on r.tenant_id = s.tenant_id and r.id = s.resource_id and r.workspace_id = c.workspace_id
        where a.tenant_id = c.tenant_id and a.member_id = c.owner_member_id
        group by a.id, a.not_before, a.expires_at, r.identifier) a) end as bound
    from unnest(${wanted.map(({ issuer }) => issuer.tenantId)}::text[],
      ${wanted.map(({ issuer }) => issuer.workspaceId)}::text[], ${wanted.map(({ clientId }) => clientId)}::text[])
      with ordinality as w (tenant_id, workspace_id, client_id, at)
    join clients c on c.tenant_id = w.tenant_id and c.workspace_id = w.workspace_id and c.client_id = w.client_id`;
  const found = new Map(rows.map((row) => [row.at, row]));
  const numbers = await drawStatusNumbers(
    { sql },
    rows.flatMap((row) => unnumbered(row, wanted[row.at]?.issuer)),
  );
  return wanted.map(({ issuer: { workspaceId } }, at) => {
    const row = found.get(at);
    if (!row) return { value: undefined, tags: [`no client ${workspaceId}`], validUntil: Number.POSITIVE_INFINITY };
    const tags = [row.id, clientsOf(workspaceId), ...(row.owner === null ? [] : [`member ${row.owner}`])];
    return {
      value: clientOf(row, now, row.status_number ?? numbers.get(row.id)),
      tags,
      validUntil: nextTurn([...(row.grants ?? []), ...(row.assigned ?? []), ...(row.bound ?? [])], now),
    };
  });
}

const unnumbered = ({ id, cut_offs: cutOffs, status_number: number }: ClientRow, issuer: Issuer | undefined) =>
  issuer?.statusKey && number === null
    ? [{ tenantId: issuer.tenantId, workspaceId: issuer.workspaceId, client: id, cutOffs }]
    : [];

/** When the next grant ends, or assignment begins or ends: until then the client's power stands still. */
function nextTurn(held: readonly HeldJson[], now: Date): number {
  const turns = held.flatMap(({ from, expires }) => [from, expires].map((at) => Date.parse(at ?? "")));
  return Math.min(Number.POSITIVE_INFINITY, ...turns.filter((turn) => turn > now.getTime()));
}

const clientTags = new BoundedCache<Tag>(SETS);
/** The tag of all clients of a workspace: one text for all of them. */
function clientsOf(workspaceId: string): Tag {
  return one(clientTags, workspaceId, () => `clients ${workspaceId}`);
}

/** The one object of that kind with that name. */
function one<T>(kept: BoundedCache<T>, name: string, make: () => T): T {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const made = make();
  kept.set(name, made);
  return made;
}

function clientOf(row: ClientRow, now: Date, statusNumber: number | undefined): Client {
  const {
    clientAuthenticationMethods,
    accessTokenLifetime,
    clientTokenLimit: tokenLimit,
    dpop,
    certificateBinding,
  } = row.settings;
  const { accessTokenFormat, signingAlgorithm, customClaims } = row.settings;
  const { tokenExchange, tokenEndpointAudience } = row.settings;
  return {
    id: row.id,
    // Mostly the same text: then only once.
    clientId: row.client_id === row.id ? row.id : row.client_id,
    status: row.status === "active" && row.approval !== "approved" ? "unapproved" : row.status,
    secrets: (row.secrets ?? []).map((secret) => new StoredSecret(secret)),
    ...(row.certificates && { certificates: row.certificates.map(certificateOf) }),
    ...keysOf(row.keys ?? []),
    ...(row.federated && { federated: row.federated.map(federatedOf) }),
    clientAuthenticationMethods:
      clientAuthenticationMethods &&
      one(methodSets, clientAuthenticationMethods.join(" "), () => new Set(clientAuthenticationMethods)),
    accessTokenLifetime,
    ...(dpop === "required" && { dpop }),
    ...(accessTokenFormat && { accessTokenFormat }),
    ...(signingAlgorithm && { signingAlgorithm }),
    ...(row.algorithm_before && { signingAlgorithmBefore: row.algorithm_before }),
    ...(customClaims && { customClaims: one(claimSets, JSON.stringify(customClaims), () => customClaims) }),
    ...(statusNumber !== undefined && { statusNumber }),
    ...(certificateBinding === "required" && { certificateBinding }),
    ...(tokenExchange && { tokenExchange }),
    ...(tokenEndpointAudience === "accepted" && { acceptsTokenEndpointAudience: true }),
    tokenLimit,
    grants: grantsOf(row, now),
    tokensNotBefore: row.tokens_not_before ?? undefined,
  };
}

const instantOf = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text));

const spanOf = ({ id, from, expires, revoked }: SpanJson) => ({
  id,
  notBefore: new Date(from),
  expiresAt: instantOf(expires),
  revokedAt: instantOf(revoked),
});

const certificateOf = ({ id, type, subject, from, expires, revoked }: CertificateJson): CertificateCredential => ({
  id,
  subjectType: type,
  subject,
  notBefore: new Date(from),
  expiresAt: instantOf(expires),
  revokedAt: instantOf(revoked),
});

/** Nothing for a client without keys: there are many of them. */
function keysOf(all: readonly KeyJson[]): Pick<Client, "keys" | "keySets"> {
  const keys: ClientKey[] = [];
  const keySets: ClientKeySet[] = [];
  for (const key of all)
    if (key.jwk === null) keySets.push({ ...spanOf(key), jwksUri: key.uri });
    else keys.push({ ...spanOf(key), kid: key.kid ?? undefined, publicJwk: key.jwk });
  return { ...(keys.length > 0 && { keys }), ...(keySets.length > 0 && { keySets }) };
}

const federatedOf = (row: FederatedJson): FederatedCredential => ({
  ...spanOf(row),
  issuer: row.issuer,
  audience: row.audience,
  claims: row.claims,
  keys: row.jwks ?? undefined,
});

/**
 * Living direct grants and the scopes of active assignments together, by resource; a member's own client's as far as that member
 * may. An empty grant is there and grants nothing.
 */
function grantsOf(row: ClientRow, now: Date): Client["grants"] {
  const isActive = ({ from, expires }: HeldJson) =>
    (!from || new Date(from) <= now) && (!expires || new Date(expires) > now);
  const own = [...(row.grants ?? []), ...(row.assigned ?? [])].filter(isActive);
  const all = row.owner === null ? own : boundedBy((row.bound ?? []).filter(isActive), row.follows ? undefined : own);
  return one(grantSets, JSON.stringify(all.map(({ identifier, scopes }) => [identifier, scopes])), () => unite(all));
}

/** What a member holds, and of what their client was given as much as they hold; `undefined`: it may what they may. */
function boundedBy(bound: readonly GrantJson[], own: readonly GrantJson[] | undefined): readonly GrantJson[] {
  if (!own) return bound;
  const held = unite(bound);
  return [...unite(own)].map(([identifier, scopes]) => ({
    identifier,
    scopes: [...commonScopes(scopes, held.get(identifier) ?? new Set())],
  }));
}

function unite(all: readonly GrantJson[]): Client["grants"] {
  const grants = new Map<string, Set<string>>();
  for (const { identifier, scopes } of all) {
    const held = grants.get(identifier) ?? new Set();
    for (const scope of scopes ?? []) held.add(scope);
    grants.set(identifier, held);
  }
  return grants;
}
