import { type Actor, type Answer, listCredentials } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder, type Types } from "./builder.ts";
import { connectionOf, pageArgs, pageOf, perPage } from "./connection.ts";
import { CredentialKindEnum } from "./enums.ts";
import { loadClient } from "./load.ts";
import { mutation, type PayloadFields } from "./mutation.ts";
import { nodeTypeOf } from "./node.ts";
import { ClientRef, CredentialRef } from "./refs.ts";

CredentialRef.implement({
  description: "With what a client proves who it is, of whatever kind. What is secret of it is nowhere.",
  resolveType: ({ id }) => nodeTypeOf(id),
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    hint: t.exposeString("hint", {
      description: "What its owner recognises it by: a secret's last four characters, the start of a thumbprint.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    notBefore: t.expose("notBefore", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    lastUsedAt: t.expose("lastUsedAt", { type: "DateTime", nullable: true, description: "To the minute." }),
    lastUsedAddress: t.exposeString("lastUsedAddress", { nullable: true }),
    client: t.field({
      ...needs("client:read"),
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _, { actor }) => loadClient(actor, clientId),
    }),
  }),
});

const CredentialConnection = connectionOf("Credential", CredentialRef);

builder.objectField(ClientRef, "credentials", (t) =>
  t.field({
    ...needs("client-secret:read"),
    description: "Its credentials of every kind: those that live longest first, hence the ended ones last.",
    type: CredentialConnection,
    nullable: true,
    args: {
      ...pageArgs(t.arg),
      kind: t.arg({ type: CredentialKindEnum }),
      isRevoked: t.arg.boolean({ description: "Only those that were revoked, or only the others." }),
    },
    complexity: perPage,
    resolve: ({ id }, { kind, isRevoked, ...page }, { actor }) =>
      listCredentials(actor, id, pageOf(page), { kind: kind ?? undefined, isRevoked: isRevoked ?? undefined }),
  }),
);

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;

/** What is said of every new credential. */
export const newCredential = (t: InputBuilder) => ({
  clientId: t.field({ type: "ClientId", required: true }),
  ...credentialDates(t),
});

/** The same without its client, where it is made along with it. */
export const credentialDates = (t: InputBuilder) => ({
  name: t.string(),
  notBefore: t.field({ type: "DateTime" }),
  expiresAt: t.field({ type: "DateTime", description: "Left out or null is never, where the settings allow that." }),
});

interface Revocation {
  readonly id: "ClientSecretId" | "ClientKeyId" | "ClientCertificateId" | "FederatedCredentialId";
  /** `secret`, in the mutation's description. */
  readonly word: string;
  readonly run: (actor: Actor, raw: unknown) => Promise<Answer>;
  readonly payload: PayloadFields;
}

/** Adds the mutation that revokes a credential of a kind. */
export const revokesCredential = (name: string, { id, word, run, payload }: Revocation): void =>
  mutation(name, {
    permission: "client-secret:write",
    description: `Stops a client's ${word} for new tokens; withTokens takes the client's tokens back too.`,
    run,
    input: (t) => ({ id: t.field({ type: id, required: true }), withTokens: t.boolean() }),
    payload,
  });
