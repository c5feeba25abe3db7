import type { Transaction } from "@mintmark/db";
import { signingKeys, tenants, workspaces } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { completeOwnApi } from "../authority/own-api.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { newId } from "../id.ts";
import { effectiveSettingsAt, type OwnSettings } from "../settings/settings.ts";
import { type KeyPolicy, planUpkeep } from "../signing-keys/key-plan.ts";
import { newSigningKeyRow, type SigningKeyRow, touchedSigningKey } from "../signing-keys/signing-key.ts";
import { keyPolicyOf } from "../signing-keys/signing-key-rows.ts";
import { issuerAddress, refuseWithoutAddress } from "./issuer-address.ts";
import { slugTaken, tenantSlugDigest } from "./slug.ts";
import type { Workspace } from "./workspace-row.ts";

/** What making rows needs: a change has it, and so has bootstrap, where nobody is signed in yet. */
export type Making = Pick<Writer, "tx" | "installation" | "now">;

/** A workspace that is made, with a signing key and the next one, before anything is locked. */
interface PlannedWorkspace {
  readonly workspace: Workspace;
  readonly settings: OwnSettings;
  readonly keys: readonly SigningKeyRow[];
  readonly isRootTenant: boolean;
}

/** What history keeps of a workspace. */
export const touchedWorkspace = ({ id, ...workspace }: Workspace, settings: unknown): Touched => ({
  kind: "workspace",
  id,
  workspaceId: id,
  body: {
    slug: workspace.slug,
    name: workspace.name,
    kind: workspace.kind,
    status: workspace.status,
    issuer: workspace.issuer,
    settings,
  },
});

/** Plans a workspace. Its algorithm is written down there: a change at a wider level must not pull it along. */
export async function planWorkspace(
  { installation, now }: Pick<Making, "installation" | "now">,
  tenant: { readonly id: string; readonly slug: string; readonly isRoot: boolean },
  wanted: Pick<Workspace, "slug" | "name" | "kind">,
  policy: KeyPolicy,
): Promise<PlannedWorkspace> {
  const id = newId("workspace");
  const keys: SigningKeyRow[] = [];
  for (const key of planUpkeep([], policy, now).make)
    keys.push(await newSigningKeyRow(installation, { tenantId: tenant.id, workspaceId: id, ...key }));
  return {
    workspace: {
      tenantId: tenant.id,
      id,
      slug: wanted.slug,
      name: wanted.name,
      kind: wanted.kind,
      status: "active",
      issuer: issuerAddress(installation, tenant.slug, wanted.slug),
      createdAt: now,
      tokensNotBefore: null,
    },
    settings: { signingAlgorithm: policy.alg },
    keys,
    isRootTenant: tenant.isRoot,
  };
}

/**
 * Writes a planned workspace: with its keys and, in a special one, its own API, scopes and built-in roles.
 *
 * @throws Refusal ALREADY_EXISTS or SLUG_RETIRED
 */
export async function insertWorkspace(tx: Transaction, planned: PlannedWorkspace): Promise<readonly Touched[]> {
  const { workspace, settings, keys, isRootTenant } = planned;
  const { tenantId, id: workspaceId, slug, kind, issuer } = workspace;
  const made = await tx
    .insert(workspaces)
    .values({ ...workspace, settings })
    .onConflictDoNothing({ target: [workspaces.tenantId, workspaces.slug] })
    .returning({ id: workspaces.id });
  if (made.length === 0) {
    const holdsSlug = and(eq(workspaces.tenantId, tenantId), eq(workspaces.slug, slug));
    const [taken] = await tx.select({ status: workspaces.status }).from(workspaces).where(holdsSlug);
    throw new Refusal(slugTaken("workspace", slug, taken?.status === "deleted"));
  }
  await tx.insert(signingKeys).values([...keys]);
  const special =
    kind === "custom" ? [] : await completeOwnApi(tx, { tenantId, workspaceId, kind, isRootTenant, issuer });
  return [touchedWorkspace(workspace, settings), ...keys.map(touchedSigningKey), ...special];
}

/** A tenant's rows as they were made. */
export interface NewTenant {
  readonly id: string;
  readonly slug: string;
  readonly isRoot: boolean;
  readonly admin: Workspace;
  readonly system: Workspace;
  readonly touched: readonly Touched[];
}

/**
 * Writes a tenant with its two special workspaces.
 *
 * @throws Refusal ALREADY_EXISTS or SLUG_RETIRED
 */
export async function createTenantRows(
  making: Making,
  { slug, name, isRoot }: { readonly slug: string; readonly name: string; readonly isRoot: boolean },
): Promise<NewTenant> {
  const { tx, now } = making;
  refuseWithoutAddress(making.installation, slug);
  const tenant = { id: newId("tenant"), slug, name, isRoot, status: "active", createdAt: now } as const;
  const policy = keyPolicyOf(await effectiveSettingsAt(tx, { tenantId: tenant.id }));
  const admin = await planWorkspace(making, tenant, { slug: "admin", name: "Administration", kind: "admin" }, policy);
  const system = await planWorkspace(making, tenant, { slug: "system", name: "System", kind: "system" }, policy);

  const made = await tx
    .insert(tenants)
    .values(tenant)
    .onConflictDoNothing({ target: tenants.slug })
    .returning({ id: tenants.id });
  if (made.length === 0) {
    const [taken] = await tx.select({ id: tenants.id }).from(tenants).where(eq(tenants.slug, slug));
    throw new Refusal(slugTaken("tenant", slug, taken === undefined));
  }
  // After the row is in: a tombstone that is being made now is seen either as the slug's holder or here.
  const slugDigest = tenantSlugDigest(making.installation.keyring, slug);
  const [tombstone] = await tx.select({ id: tenants.id }).from(tenants).where(eq(tenants.slugDigest, slugDigest));
  if (tombstone) throw new Refusal(slugTaken("tenant", slug, true));
  const touched = [...(await insertWorkspace(tx, admin)), ...(await insertWorkspace(tx, system))];
  const { id } = tenant;
  const body = { slug, name, isRoot, status: tenant.status, settings: {}, limits: {}, deletedAt: null };
  return {
    id,
    slug,
    isRoot,
    admin: admin.workspace,
    system: system.workspace,
    touched: [{ kind: "tenant", id, workspaceId: null, body }, ...touched],
  };
}
