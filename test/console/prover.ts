import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { remember } from "../support/canaries.ts";
import { freshAuthority, freshCertificate } from "../support/certificates.ts";
import { send } from "../support/http.ts";
import { basic, fetchToken, post } from "../support/token.ts";
import type { StoryClient, StoryWorkspace } from "../support/world.ts";

const DAY = 86_400_000;
export const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

const publicPem = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "pem", type: "spki" }).toString();

/** What each kind of credential is made with, beside its client. */
const credentials: readonly (readonly [mutation: string, input: Readonly<Record<string, unknown>>])[] = [
  [
    "importClientSecret",
    { name: "from the old server", sha256: createHash("sha256").update(randomBytes(32)).digest("hex") },
  ],
  ["createClientKey", { name: "build-7", publicKey: publicPem(), expiresAt: inDays(300) }],
  ["createClientKey", { jwksUri: "https://settlement.payments.example.com/.well-known/jwks.json" }],
  [
    "createClientCertificate",
    { name: "pod", sanUri: "spiffe://payments.example.com/ns/settlement/sa/worker", expiresAt: inDays(11) },
  ],
  ["createClientCertificate", { certificate: freshCertificate({ subject: "/CN=settlement-worker", days: 90 }) }],
  [
    "createFederatedCredential",
    {
      name: "release",
      issuer: "https://token.actions.githubusercontent.com",
      claims: [{ name: "sub", value: "repo:acme/settlement-worker:environment:production" }],
    },
  ],
];

/** A client that proves itself in every way there is; its first secret is being replaced, and somebody still uses it. */
export async function addProver(workspace: StoryWorkspace): Promise<StoryClient> {
  const { admin } = workspace;
  const client = await workspace.addClient({ name: "settlement-worker", grants: { ledger: ["ledger:read"] } });
  const of = { clientId: client.id };
  for (const [mutation, input] of credentials) await admin.must(mutation, { ...of, ...input }, "__typename");
  const rotation = { id: client.secretId, name: "autumn", expiresAt: inDays(90) };
  const clientSecret = remember(String((await admin.must("rotateClientSecret", rotation, "secret"))["secret"]));
  for (let tokens = 0; tokens < 2; tokens++) await fetchToken({ ...client, clientSecret });
  const late: [string, string] = ["User-Agent", "batch-7/2.1 (go-client)"];
  await post(client.tokenEndpoint, { grant_type: "client_credentials" }, [basic(client), late]);
  const settings = {
    accessTokenLifetime: 300,
    clientAuthenticationMethods: ["CLIENT_SECRET_BASIC", "PRIVATE_KEY_JWT", "TLS_CLIENT_AUTH", "FEDERATED_JWT"],
    customClaims: [
      { name: "team", value: '"settlement"' },
      { name: "tier", value: "1" },
    ],
    certificateBinding: "OPTIONAL",
    dpop: "REQUIRED",
  };
  await admin.must("updateClientSettings", { ...of, ...settings }, "__typename");
  return client;
}

/** Verifiers that hold the set of now and an old one, a key that was revoked, and one that signs from a known time on. */
export async function turnKeys({ id, admin, issuer }: StoryWorkspace): Promise<void> {
  const fetchKeys = (agent: string) => send(`${issuer}/.well-known/jwks.json`, { headers: [["User-Agent", agent]] });
  await fetchKeys("ledger-verifier/2.1");
  const { node } = (await admin.run(
    "query ($id: ID!) { node(id: $id) { ... on Workspace { signingKeys { kid state } } } }",
    { id },
  )) as { node: { signingKeys: readonly { readonly kid: string; readonly state: string }[] } };
  const next = node.signingKeys.find(({ state }) => state === "NEXT");
  await admin.must("revokeSigningKey", { workspaceId: id, kid: next?.kid }, "__typename");
  await admin.must("rotateSigningKey", { workspaceId: id }, "__typename");
  await fetchKeys("invoices-api jose/6.1");

  const certificate = freshAuthority("/C=DE/O=Payments Example GmbH/OU=Platform/CN=Workload Authority R2");
  await admin.must("addClientAuthority", { workspaceId: id, certificate }, "__typename");
}
