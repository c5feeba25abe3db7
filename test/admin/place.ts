import { generateKeyPairSync, randomBytes } from "node:crypto";
import { remember } from "../support/canaries.ts";
import { freshAuthority } from "../support/certificates.ts";
import type { GraphQL } from "../support/graphql.ts";
import { ended, ndjsonOf, newImport, sendFile } from "../support/imports.ts";
import { joinAs } from "../support/joining.ts";
import { register, registeredIn } from "../support/registration.ts";
import { decodeJwt, fetchToken } from "../support/token.ts";
import { freshSlug, type StoryTenant } from "../support/world.ts";

/** A workspace and how to make rows in it, each a new one, as the tenant's owner. Answers are ids. */
export interface Place {
  readonly tenant: StoryTenant;
  readonly workspaceId: string;
  readonly slug: string;
  readonly issuer: string;
  /** The two columns that every row of it begins with. */
  readonly key: { readonly tenant_id: string; readonly workspace_id: string };
  readonly owner: GraphQL;
  /** One more workspace of the same tenant, to be suspended or deleted; whoever acts here must reach it too. */
  disposable(): Promise<Place>;
  /** The `kid` of the key that is published to sign next. */
  signingKey(): Promise<string>;
  client(): Promise<string>;
  /** The `jti` of a living token. */
  token(): Promise<string>;
  secret(clientId?: string): Promise<string>;
  /** A secret that another one is about to replace. */
  rotatedSecret(clientId?: string): Promise<string>;
  resource(): Promise<string>;
  scope(resourceId?: string): Promise<string>;
  role(): Promise<string>;
  assignment(): Promise<string>;
  clientKey(clientId?: string): Promise<string>;
  clientCertificate(clientId?: string): Promise<string>;
  clientAuthority(): Promise<string>;
  federatedCredential(clientId?: string): Promise<string>;
  initialAccessToken(): Promise<string>;
  /** Where nobody answers. */
  webhook(): Promise<string>;
  /** Made where API tokens are on by then. */
  apiToken(clientId?: string): Promise<string>;
  apiTokensOn(): Promise<void>;
  /** A client that registered itself. */
  registeredClient(): Promise<string>;
  /** Somebody who was invited and has joined: auditor in this workspace. */
  member(): Promise<string>;
  /** A link that nobody has used. */
  invitation(): Promise<string>;
  /** Whoever joins by it is auditor in this workspace. */
  ssoProvider(): Promise<string>;
  /** A role of the tenant's admin workspace that people may have. */
  memberRole(): Promise<string>;
  grant(clientId?: string, resourceId?: string): Promise<string>;
}

/** The id of what a payload holds in that member. */
export const idIn = (payload: Readonly<Record<string, unknown>>, member: string): string =>
  (payload[member] as { id: string }).id;

/** A name or identifier that nothing else has. */
export const fresh = (kind: string): string => freshSlug(kind);

/** What a federated credential says of a job of GitHub Actions. */
export const trustInGithub = () => ({
  issuer: "https://token.actions.githubusercontent.com",
  claims: [{ name: "sub", value: `repo:acme/${fresh("repository")}:ref:refs/heads/main` }],
});

/** What is said of a new single sign-on provider. */
export const ssoProviderOf = async (place: Place) => ({
  name: fresh("provider"),
  issuer: `https://${fresh("provider")}.example.com`,
  clientId: fresh("client"),
  clientSecret: remember(`secret-${randomBytes(16).toString("hex")}`),
  joining: "ANYONE",
  roles: [{ roleId: await place.memberRole(), targetWorkspaceId: place.workspaceId }],
});

/** What is said of a new webhook. */
export const webhookOf = ({ workspaceId }: Pick<Place, "workspaceId">) => ({
  workspaceId,
  name: fresh("webhook"),
  address: `https://127.0.0.1:1/${fresh("hook")}`,
});

/** A new P-256 key's public half, as a JWK in JSON. */
export const freshPublicKey = (): string =>
  JSON.stringify(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }));

/** An import of one client, done. */
export async function filledImport({ owner, tenant, workspaceId }: Place): Promise<string> {
  const { resource, tokenEndpoint } = tenant.adminClient;
  const by = { graphql: owner, token: await fetchToken(tenant.adminClient, { resource }) };
  const made = await newImport(by, workspaceId);
  await sendFile(
    new URL(tokenEndpoint).origin,
    by,
    made,
    ndjsonOf([{ name: fresh("client"), publicKey: freshPublicKey() }]),
  );
  await ended(by, made.id);
  return made.id;
}

/** A new custom workspace in the tenant. */
export async function makePlace(tenant: StoryTenant): Promise<Place> {
  const slug = fresh("workspace");
  const made = await tenant.admin.must("createWorkspace", { slug, name: slug }, "workspace { id slug issuer }");
  const workspace = made["workspace"] as { id: string; slug: string; issuer: string };
  return placeOf(tenant, workspace);
}

/** The last entry of a workspace's audit log, after something happened there. */
export async function newestEntry(place: Place): Promise<string> {
  await place.client();
  const document =
    "query ($id: ID!) { node(id: $id) { ... on Workspace { auditEntries(first: 1) { nodes { id } } } } }";
  const { node } = (await place.owner.run(document, { id: place.workspaceId })) as {
    node: { auditEntries: { nodes: { id: string }[] } };
  };
  return node.auditEntries.nodes[0]?.id ?? "";
}

/** The makers of a workspace that is there already. */
export function placeOf(tenant: StoryTenant, workspace: { id: string; slug: string; issuer: string }): Place {
  const owner = tenant.admin;
  const workspaceId = workspace.id;
  const make = async (mutation: string, input: object, member: string) =>
    idIn(await owner.must(mutation, input, `${member} { id }`), member);
  const place: Place = {
    tenant,
    workspaceId,
    slug: workspace.slug,
    issuer: workspace.issuer,
    key: { tenant_id: tenant.id, workspace_id: workspaceId },
    owner,
    disposable: () => makePlace(tenant),
    signingKey: async () => {
      const document = "query ($slug: Slug!) { workspace(slug: $slug) { signingKeys { kid state } } }";
      const { workspace: found } = (await owner.run(document, { slug: workspace.slug })) as {
        workspace: { signingKeys: { kid: string; state: string }[] };
      };
      return found.signingKeys.find(({ state }) => state === "NEXT")?.kid ?? "";
    },
    client: () => make("createClient", { workspaceId, name: fresh("client") }, "client"),
    token: async () => {
      const clientId = await place.client();
      await place.grant(clientId);
      const { secret } = await owner.must("createClientSecret", { clientId }, "secret");
      const tokenEndpoint = `${workspace.issuer}/oauth2/token`;
      const token = await fetchToken({ tokenEndpoint, clientId, clientSecret: remember(String(secret)) });
      return String(decodeJwt(token).claims["jti"]);
    },
    secret: async (clientId) =>
      make("createClientSecret", { clientId: clientId ?? (await place.client()) }, "clientSecret"),
    rotatedSecret: async (clientId) => {
      const id = await place.secret(clientId);
      await owner.must("rotateClientSecret", { id }, "clientSecret { id }");
      return id;
    },
    clientKey: async (clientId) =>
      make(
        "createClientKey",
        { clientId: clientId ?? (await place.client()), publicKey: freshPublicKey() },
        "clientKey",
      ),
    clientCertificate: async (clientId) =>
      make(
        "createClientCertificate",
        { clientId: clientId ?? (await place.client()), sanDns: `${fresh("certificate")}.example.com` },
        "clientCertificate",
      ),
    clientAuthority: () =>
      make("addClientAuthority", { workspaceId, certificate: freshAuthority() }, "clientAuthority"),
    federatedCredential: async (clientId) =>
      make(
        "createFederatedCredential",
        { clientId: clientId ?? (await place.client()), ...trustInGithub() },
        "federatedCredential",
      ),
    initialAccessToken: () =>
      make(
        "createInitialAccessToken",
        { workspaceId, name: fresh("token"), uses: 1, ceiling: [] },
        "initialAccessToken",
      ),
    webhook: () => make("createWebhook", webhookOf(place), "webhook"),
    apiToken: async (clientId) => {
      await place.apiTokensOn();
      const input = { clientId: clientId ?? (await place.client()), name: fresh("token"), permissions: { all: true } };
      return make("createApiToken", input, "apiToken");
    },
    apiTokensOn: async () => {
      await owner.must("updateWorkspaceSettings", { workspaceId, apiTokens: "ON" }, "__typename");
    },
    registeredClient: async () => {
      const input = { workspaceId, name: fresh("token"), uses: 1, ceiling: [] };
      const { secret } = await owner.must("createInitialAccessToken", input, "secret");
      return registeredIn(await register(workspace, remember(String(secret)))).client_id;
    },
    memberRole: async () => {
      const document = 'query { workspace(slug: "admin") { roles { nodes { id name } } } }';
      const { workspace: found } = (await owner.run(document)) as {
        workspace: { roles: { nodes: { id: string; name: string }[] } };
      };
      return found.roles.nodes.find(({ name }) => name === "auditor")?.id ?? "";
    },
    invitation: async () => {
      const roles = [{ roleId: await place.memberRole(), targetWorkspaceId: workspaceId }];
      return make("createInvitation", { roles }, "invitation");
    },
    ssoProvider: async () => make("createSsoProvider", await ssoProviderOf(place), "ssoProvider"),
    member: async () => {
      const roles = [{ roleId: await place.memberRole(), targetWorkspaceId: workspaceId }];
      return (await joinAs(owner, roles, tenant.slug)).memberId;
    },
    resource: () => {
      const name = fresh("resource");
      const input = { workspaceId, name, identifier: `https://${name}.example.com/`, scopes: [{ name: "a:read" }] };
      return make("createResource", input, "resource");
    },
    scope: async (resourceId) =>
      make("createScope", { resourceId: resourceId ?? (await place.resource()), name: fresh("scope") }, "scope"),
    role: async () => make("createRole", { workspaceId, name: fresh("role"), scopeIds: [await place.scope()] }, "role"),
    assignment: async () => {
      const [roleId, clientId] = [await place.role(), await place.client()];
      return make("createAssignment", { roleId, clientId, targetWorkspaceId: workspaceId }, "assignment");
    },
    grant: async (clientId, resourceId) => {
      const input = {
        clientId: clientId ?? (await place.client()),
        resourceId: resourceId ?? (await place.resource()),
        scopes: ["a:read"],
      };
      return make("setClientGrant", input, "clientGrant");
    },
  };
  return place;
}
