import { assignments, clientSecrets, clients, roles } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { ownApiIdentifier } from "../authority/own-api.ts";
import { type BuiltInRole, ownApiScopes } from "../authority/permission.ts";
import type { Touched } from "../change/change-feed.ts";
import { newClientSecretValue } from "../credentials/secret-value.ts";
import { newId } from "../id.ts";
import type { Making } from "./new-workspace.ts";
import type { Workspace } from "./workspace-row.ts";

/** How a script gets in without a browser: everything that its first token request needs. */
export interface AutomationAccess {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** Shown once. */
  readonly clientSecret: string;
  /** The identifier of the workspace's own API: what to ask a token for. */
  readonly resource: string;
  /** All scopes that the API has. */
  readonly scopes: readonly string[];
}

/** A client, and a secret of it that was just made. */
interface Credentials {
  readonly id: string;
  readonly clientSecret: string;
  readonly touched: readonly Touched[];
}

/** The first client of a special workspace: holds its strongest role for all of the tenant. */
export async function createAutomationClient(
  making: Making,
  workspace: Pick<Workspace, "tenantId" | "id" | "kind">,
): Promise<Credentials> {
  const { tx, now } = making;
  const { tenantId, id: workspaceId } = workspace;
  const role: BuiltInRole = workspace.kind === "system" ? "operator" : "owner";
  const isRole = and(eq(roles.tenantId, tenantId), eq(roles.workspaceId, workspaceId), eq(roles.name, role));
  const [found] = await tx
    .select({ id: roles.id })
    .from(roles)
    .where(and(isRole, eq(roles.isBuiltIn, true)));
  if (!found) throw new Error(`workspace ${workspaceId} has no role ${role}`);

  const id = newId("client");
  const body = { name: "Automation", description: `Made with the workspace; holds the role ${role}.` };
  await tx.insert(clients).values({ tenantId, workspaceId, id, clientId: id, ...body, createdAt: now });
  const assignment = { id: newId("assignment"), roleId: found.id, clientId: id, targetAll: true };
  await tx.insert(assignments).values({ tenantId, workspaceId, ...assignment, notBefore: now, createdAt: now });
  const secret = await addClientSecret(making, { tenantId, workspaceId, clientId: id, name: "", expiresAt: null });
  return {
    id,
    clientSecret: secret.value,
    touched: [
      {
        kind: "client",
        id,
        workspaceId,
        clientId: id,
        body: { clientId: id, ...body, type: "service", status: "active" },
      },
      {
        kind: "assignment",
        id: assignment.id,
        workspaceId,
        clientId: id,
        body: { ...assignment, notBefore: now, expiresAt: null },
      },
      secret.touched,
    ],
  };
}

/** Adds a generated secret to a client, without asking for its limit: for clients that the server itself makes. */
export async function addClientSecret(
  { tx, installation, now }: Making,
  secret: Pick<typeof clientSecrets.$inferInsert, "tenantId" | "workspaceId" | "clientId"> & {
    readonly name: string;
    readonly expiresAt: Date | null;
  },
): Promise<{ readonly id: string; readonly value: string; readonly hint: string; readonly touched: Touched }> {
  const { keyring } = installation;
  const { value, hint } = newClientSecretValue();
  const id = newId("clientSecret");
  const pepperVersion = keyring.currentPepperVersion;
  const digest = keyring.digest(value, pepperVersion);
  await tx.insert(clientSecrets).values({ ...secret, id, hint, digest, pepperVersion, createdAt: now, notBefore: now });
  const { clientId, name, workspaceId, expiresAt } = secret;
  const body = { clientId, name, hint, isImported: false, notBefore: now, expiresAt, revokedAt: null };
  return { id, value, hint, touched: { kind: "clientSecret", id, workspaceId, clientId, body } };
}

/** What to tell the script about a client of a special workspace. */
export const automationAccess = (
  workspace: Pick<Workspace, "issuer" | "kind">,
  isRootTenant: boolean,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): AutomationAccess => ({
  tokenEndpoint: `${workspace.issuer}/oauth2/token`,
  clientId,
  clientSecret,
  resource: ownApiIdentifier(workspace.issuer),
  scopes: workspace.kind === "custom" ? [] : ownApiScopes(workspace.kind, isRootTenant),
});
