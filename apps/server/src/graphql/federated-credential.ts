import type { FederatedCredential } from "@mintmark/domain";
import {
  createFederatedCredential,
  getFederatedCredential,
  listCredentials,
  revokeFederatedCredential,
  signedIn,
} from "@mintmark/domain";
import type { ForeignTokenTest, TestedCredential, TestedRule } from "@mintmark/token-issuer";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageOf } from "./connection.ts";
import { newCredential, revokesCredential } from "./credential.ts";
import { DifferenceEnum } from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientRef, CredentialRef, FederatedCredentialRef } from "./refs.ts";

registerNode("federatedCredential", "FederatedCredential", getFederatedCredential);

const claimMeaning = "The claim; after a slash, a JSON Pointer to it: /kubernetes.io/serviceaccount/uid.";
const FederatedClaim = builder.objectRef<{ readonly name: string; readonly value: string }>("FederatedClaim");
FederatedClaim.implement({
  description: "A claim, and the value that it must have.",
  ...carrier,
  fields: (t) => ({ name: t.exposeString("name", { description: claimMeaning }), value: t.exposeString("value") }),
});

/** At most ten, of two texts each. */
const small = { complexity: { field: 1, multiplier: 1 } } as const;

FederatedCredentialRef.implement({
  description:
    "Trust in a platform's JWT about the client's workload, sent as client_assertion beside client_id: no secret anywhere.",
  interfaces: [Node, CredentialRef],
  ...needs("client-secret:read"),
  fields: (t) => ({
    issuer: t.exposeString("issuer", { description: "Its `iss`, byte for byte." }),
    audience: t.exposeString("audience", { description: "Its sole `aud`." }),
    claims: t.field({
      ...needs("client-secret:read"),
      type: [FederatedClaim],
      ...small,
      resolve: ({ claims }) => Object.entries(claims).map(([name, value]) => ({ name, value })),
    }),
    hasOwnKeys: t.boolean({
      description: "Its keys were given with it; else they are those that the issuer publishes.",
      resolve: ({ keys }) => keys !== null,
    }),
  }),
});

const FederatedClaimInput = builder.inputType("FederatedClaimInput", {
  fields: (t) => ({
    name: t.string({ required: true, description: claimMeaning }),
    value: t.string({ required: true, description: "Compared byte for byte; there are no wildcards." }),
  }),
});

const payload = changed("federatedCredential", FederatedCredentialRef, getFederatedCredential);

mutation("createFederatedCredential", {
  permission: "client-secret:write",
  description: "Trusts a platform's JWT about a client's workload, by its issuer, its audience and its claims.",
  run: createFederatedCredential,
  input: (t) => ({
    ...newCredential(t),
    issuer: t.string({ required: true, description: "Its `iss`: an https address, or spiffe:// with a trust domain." }),
    audience: t.string({ description: "Its sole `aud`; left out: the workspace's issuer." }),
    claims: t.field({
      type: [FederatedClaimInput],
      required: true,
      description: "What it must say: `sub`, or an id that never changes (repository_id, project_id, …), and more.",
    }),
    jwks: t.string({ description: "The issuer's JWK Set as JSON, where it cannot be asked for its keys." }),
  }),
  payload,
});

revokesCredential("revokeFederatedCredential", {
  id: "FederatedCredentialId",
  word: "federated credential",
  run: revokeFederatedCredential,
  payload,
});

const Rule = builder.objectRef<TestedRule>("FederatedRuleTest");
Rule.implement({
  description: "A rule of a federated credential, and what a token says to it.",
  ...carrier,
  fields: (t) => ({
    rule: t.exposeString("rule", { description: "iss, aud, or the claim." }),
    expected: t.exposeString("expected"),
    presented: t.string({
      nullable: true,
      description: "Null: the token has no such claim.",
      resolve: ({ presented }) => presented ?? null,
    }),
    holds: t.exposeBoolean("holds"),
    difference: t.field({
      type: DifferenceEnum,
      nullable: true,
      description: "Null: it holds.",
      resolve: ({ difference }) => difference?.kind ?? null,
    }),
    distance: t.int({
      description: "Characters to be added, taken away or changed.",
      resolve: ({ difference }) => difference?.distance ?? 0,
    }),
    sentence: t.string({ nullable: true, resolve: ({ sentence }) => sentence ?? null }),
  }),
});

const Credential = builder.objectRef<TestedCredential>("FederatedCredentialTest");
Credential.implement({
  description: "What one federated credential says to a token.",
  ...carrier,
  fields: (t) => ({
    id: t.exposeID("id", { description: "The federated credential's." }),
    isTrusted: t.exposeBoolean("isTrusted"),
    rules: t.field({ type: [Rule], ...small, resolve: ({ rules }) => [...rules] }),
    problem: t.string({
      nullable: true,
      description: "Why it does not trust the token although every rule holds: keys, signature, its own time.",
      resolve: ({ problem }) => problem ?? null,
    }),
  }),
});

const Test = builder.objectRef<ForeignTokenTest>("ForeignTokenTest");
Test.implement({
  description: "What a client's federated credentials say to a token now.",
  ...carrier,
  fields: (t) => ({
    problem: t.string({
      nullable: true,
      description: "Why none of them could trust it: it is no JWT, or it has ended.",
      resolve: ({ problem }) => problem ?? null,
    }),
    credentials: t.field({
      type: [Credential],
      description: "The nearest first.",
      resolve: ({ credentials }) => [...credentials],
    }),
  }),
});

builder.objectField(ClientRef, "testFederatedCredential", (t) =>
  t.field({
    ...needs("client-secret:read"),
    description:
      "Tries a platform's JWT at each of its federated credentials: which rule fails, and by how much. The token is neither kept nor logged.",
    type: Test,
    args: { token: t.arg.string({ required: true }) },
    resolve: async ({ id, workspaceId }, { token }, { actor, issuer }) => {
      const { items } = await listCredentials(actor, id, pageOf({ first: 20 }), { kind: "federatedCredential" });
      const credentials = (items as FederatedCredential[]).map(asIssuerHasIt);
      return issuer.testForeignToken({ tenantId: signedIn(actor).tenantId, workspaceId }, credentials, token);
    },
  }),
);

/** As the token path has it. */
const asIssuerHasIt = ({ keys, expiresAt, revokedAt, ...rest }: FederatedCredential) => ({
  ...rest,
  keys: keys ?? undefined,
  expiresAt: expiresAt ?? undefined,
  revokedAt: revokedAt ?? undefined,
});
