import { createPrivateKey, createSecretKey, type KeyObject } from "node:crypto";
import type { Database } from "@mintmark/db";
import type {
  BoundedCache,
  CustomClaims,
  Issuer,
  Resource,
  SigningAlgorithm,
  SigningKey,
} from "@mintmark/token-issuer";
import { effectiveSettings, type Issuance, type OwnSettings, type Settings } from "../settings/settings.ts";
import { sealingKeyPlace, signingKeyPlace } from "../signing-keys/signing-key.ts";
import type { Keyring } from "../tenancy/keyring.ts";
import type { Snapshot } from "./snapshot-cache.ts";

/** Instants arrive inside JSON, as ISO 8601 text. */
interface KeyJson {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly jwk: SigningKey["publicJwk"];
  /** Base64. */
  readonly wrapped: string;
  readonly sealing: string | null;
  readonly publish: string;
  readonly activate: string | null;
  readonly retire: string | null;
  readonly remove: string | null;
  readonly revoked: string | null;
}

interface ResourceJson {
  readonly id: string;
  readonly identifier: string;
  readonly scopes: readonly string[] | null;
  readonly servers: readonly string[] | null;
}

interface IssuerRow {
  readonly tenant_id: string;
  readonly workspace_id: string;
  readonly issuer: string;
  readonly is_active: boolean;
  readonly is_special: boolean;
  readonly tokens_not_before: Date | null;
  readonly cut_offs: number;
  readonly algorithm_before: SigningAlgorithm | null;
  readonly installation_settings: OwnSettings;
  readonly tenant_settings: OwnSettings;
  readonly workspace_settings: OwnSettings;
  readonly keys: readonly KeyJson[] | null;
  readonly resources: readonly ResourceJson[] | null;
  readonly authorities: Issuer["clientAuthorities"] | null;
  readonly registers: boolean;
}

/** An issuer, with how its workspace is operated. */
export interface WorkspaceIssuer extends Issuer, OperatingSettings {}

type OperatingSettings = Pick<Settings, "maxStale" | "whenDatabaseAway" | "tokenLogRetention">;

/** What making a snapshot needs: the database, and the way to private keys. */
export interface SnapshotSource {
  readonly database: Pick<Database, "sql">;
  readonly keyring: Keyring;
  /** Unwrapped private and sealing keys, by place. */
  readonly privateKeys: BoundedCache<KeyObject>;
}

/** Loads an issuer in one statement, so that its parts belong together. Deleted ones are not there. */
export async function loadIssuer(
  source: SnapshotSource,
  tenant: string,
  workspace: string,
): Promise<Snapshot<WorkspaceIssuer>> {
  const { sql } = source.database;
  const [row] = await sql<IssuerRow[]>`
    select w.tenant_id, w.id as workspace_id, w.issuer, (t.status = 'active' and w.status = 'active') as is_active,
      w.kind <> 'custom' as is_special, w.tokens_not_before, w.cut_offs,
      w.signing_algorithm_before as algorithm_before, i.settings as installation_settings, t.settings as tenant_settings,
      w.settings as workspace_settings,
      (select json_agg(json_build_object('kid', k.kid, 'alg', k.alg, 'jwk', k.public_jwk,
          'wrapped', encode(k.wrapped_private_key, 'base64'), 'sealing', encode(k.wrapped_sealing_key, 'base64'),
          'publish', k.publish_at, 'activate', k.activate_at,
          'retire', k.retire_at, 'remove', k.remove_at, 'revoked', k.revoked_at) order by k.publish_at, k.kid)
        from signing_keys k where k.tenant_id = w.tenant_id and k.workspace_id = w.id) as keys,
      (select json_agg(json_build_object('id', r.id, 'identifier', r.identifier,
          'scopes', (select json_agg(s.name) from scopes s where s.tenant_id = r.tenant_id and s.resource_id = r.id),
          'servers', (select json_agg(v.client_id) from resource_servers v
            where v.tenant_id = r.tenant_id and v.resource_id = r.id)))
        from resources r where r.tenant_id = w.tenant_id and r.workspace_id = w.id) as resources,
      (select json_agg(json_build_object('id', a.id, 'pem', a.pem)) from client_authorities a
        where a.tenant_id = w.tenant_id and a.workspace_id = w.id) as authorities,
      exists (select from initial_access_tokens a
        where a.tenant_id = w.tenant_id and a.workspace_id = w.id) as registers
    from tenants t
    join workspaces w on w.tenant_id = t.id and w.slug = ${workspace}
    cross join installation i
    where t.slug = ${tenant} and t.status <> 'deleted' and w.status <> 'deleted'`;
  const validUntil = Number.POSITIVE_INFINITY;
  if (!row) return { value: undefined, tags: ["no issuer"], validUntil };
  const tags = [`workspace ${row.workspace_id}`, `tenant ${row.tenant_id}`, "installation"] as const;
  return { value: issuerOf(source, row), tags, validUntil };
}

function issuerOf(source: SnapshotSource, row: IssuerRow): WorkspaceIssuer {
  const settings = effectiveSettings({
    installation: row.installation_settings,
    tenant: row.tenant_settings,
    workspace: row.workspace_settings,
  });
  return {
    tenantId: row.tenant_id,
    workspaceId: row.workspace_id,
    url: row.issuer,
    status: statusOf(row, settings.issuance.value),
    signingAlgorithm: settings.signingAlgorithm.value,
    ...(row.algorithm_before && { signingAlgorithmBefore: row.algorithm_before }),
    accessTokenLifetime: settings.accessTokenLifetime.value,
    accessTokenFormat: settings.accessTokenFormat.value,
    customClaims: claimsOf(settings.customClaims.value),
    clientAuthenticationMethods: new Set(settings.clientAuthenticationMethods.value),
    dpop: settings.dpop.value,
    ...(row.tokens_not_before && { tokensNotBefore: row.tokens_not_before, cutOffs: row.cut_offs }),
    ...(settings.statusList.value === "on" && { statusKey: statusKeyOf(source.keyring, row.workspace_id) }),
    certificateBinding: settings.certificateBinding.value,
    clientAuthorities: row.authorities ?? [],
    ...(settings.tokenExchange.level !== "default" && { tokenExchange: settings.tokenExchange.value }),
    ...(settings.jwtScheme.value === "on" && { acceptsJwtScheme: true }),
    ...(row.registers && { registersClients: true }),
    jwksMaxAge: settings.jwksMaxAge.value,
    maxStale: settings.maxStale.value,
    whenDatabaseAway: settings.whenDatabaseAway.value,
    tokenLogRetention: settings.tokenLogRetention.value,
    clientTokenLimit: settings.clientTokenLimit.value ?? undefined,
    tokenLimit: settings.workspaceTokenLimit.value ?? undefined,
    keys: (row.keys ?? []).map((key) => keyOf(source, row, key)),
    resources: new Map((row.resources ?? []).map((resource) => [resource.identifier, resourceOf(resource)])),
  };
}

/** The same at all servers, whatever wraps the peppers. */
const statusKeyOf = (keyring: Keyring, workspaceId: string): KeyObject =>
  createSecretKey(keyring.digest(`status list ${workspaceId}`, keyring.pepperVersions[0] ?? 0));

/** What is stopped from above stops no special workspace: whoever stopped it gets in there to start it again. */
function statusOf({ is_active: isActive, is_special: isSpecial }: IssuerRow, issuance: Issuance): Issuer["status"] {
  if (!isActive) return "suspended";
  return issuance === "stopped" && !isSpecial ? "stopped" : "active";
}

const resourceOf = ({ id, identifier, scopes, servers }: ResourceJson): Resource => ({
  id,
  identifier,
  scopes: new Set(scopes),
  resourceServers: new Set(servers),
});

const instant = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text));

/** What is empty costs tokens nothing. */
const claimsOf = (claims: CustomClaims): CustomClaims | undefined =>
  Object.keys(claims).length === 0 ? undefined : claims;

/** A wrapped key, opened when it is asked for, and kept. */
const opener =
  ({ keyring, privateKeys }: SnapshotSource, wrapped: string, place: string, made: (bytes: Buffer) => KeyObject) =>
  (): KeyObject => {
    const kept = privateKeys.get(place);
    if (kept) return kept;
    const bytes = keyring.open(Buffer.from(wrapped, "base64"), place);
    const opened = made(bytes);
    bytes.fill(0);
    privateKeys.set(place, opened);
    return opened;
  };

function keyOf(source: SnapshotSource, row: IssuerRow, key: KeyJson): SigningKey {
  const { tenant_id: tenantId, workspace_id: workspaceId } = row;
  const place = signingKeyPlace(tenantId, workspaceId, key.kid, key.alg);
  const sealing = sealingKeyPlace(tenantId, workspaceId, key.kid);
  return {
    kid: key.kid,
    alg: key.alg,
    publicJwk: key.jwk,
    publishAt: new Date(key.publish),
    activateAt: instant(key.activate),
    retireAt: instant(key.retire),
    removeAt: instant(key.remove),
    revokedAt: instant(key.revoked),
    privateKey: opener(source, key.wrapped, place, (der) =>
      createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    ),
    ...(key.sealing !== null && { sealingKey: opener(source, key.sealing, sealing, createSecretKey) }),
  };
}
