import { clientRegistrations, initialAccessTokens, resources } from "@mintmark/db/schema";
import type { ClientMetadata, Failure as IssuerFailure } from "@mintmark/token-issuer";
import { and, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Changed, Operation } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { setGrant } from "../clients/client-grant.ts";
import { touchedClient } from "../clients/client-row.ts";
import { insertClient } from "../clients/new-client.ts";
import { id, name } from "../input.ts";
import { updatedSettings } from "../settings/settings.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import type { TokenRow } from "./initial-access-token-row.ts";
import { settleCredentials } from "./registered-credentials.ts";
import { newRegistrationToken } from "./registration-token.ts";
import type { RegistrationRow } from "./registration-view.ts";

/** Ends a change with what the protocol says; the transaction is rolled back. */
export class RegistrationRefused extends Error {
  override readonly name = "RegistrationRefused";
  readonly failure: IssuerFailure;
  constructor(failure: IssuerFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/** What history keeps of a registration. */
export const touchedRegistration = (row: RegistrationRow): Touched => {
  const { clientId, tokenId, credentialIds, createdAt, revokedAt, workspaceId } = row;
  const body = { clientId, tokenId, credentialIds, createdAt, revokedAt };
  return { kind: "clientRegistration", id: clientId, workspaceId, body };
};

/** What both a new registration and another one say. The names of members are those of the protocol: failures say them. */
export const wantedInput = {
  client_name: name.optional(),
  wanted: z.custom<ClientMetadata>((value) => typeof value === "object"),
};

const registerInput = z.strictObject({ workspaceId: id, tokenId: id, ...wantedInput });
type RegisterInput = z.infer<typeof registerInput>;

/** Registers a client with an initial access token, in one transaction: a use, client, grants, credentials, records. */
export const RegisterClient: Operation<RegisterInput, "client:write"> = {
  mutation: "registerClient",
  permission: "client:write",
  input: registerInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  run: register,
};

async function register(write: Writer, { workspaceId, tokenId, client_name, wanted }: RegisterInput): Promise<Changed> {
  const { tx, tenantId, now, installation } = write;
  // First: whoever comes after waits for this row, and sees what is left.
  const token = await spendUse(write, tokenId);
  const settings = updatedSettings({}, settingsOf(wanted));
  const client = await insertClient(write, { workspaceId, name: client_name, settings });
  const granted = await grant(write, client, wanted);
  const settled = await settleCredentials(write, client, wanted.credentials, {
    former: [],
    secretLifetime: token.secretLifetime,
  });
  const access = newRegistrationToken({ tenantId, workspaceId, id: client.id });
  const pepperVersion = installation.keyring.currentPepperVersion;
  const digest = installation.keyring.digest(access.value, pepperVersion);
  const credentialIds = [...settled.ids];
  const row = { tenantId, workspaceId, clientId: client.id, tokenId, digest, pepperVersion, hint: access.hint };
  const methods = [...wanted.methods];
  const registration = { ...row, credentialIds, methods, createdAt: now, revokedAt: null };
  await tx.insert(clientRegistrations).values(registration);
  return {
    id: client.id,
    event: {
      type: "client.registered",
      clientId: client.id,
      name: client.name,
      tokenId,
      token: token.name,
      grants: granted.map(({ resourceId, scopes }) => ({ resourceId, scopes })),
      credentialIds,
    },
    workspaceId,
    touched: [
      touchedClient(client),
      touchedRegistration(registration),
      ...granted.flatMap(({ touched }) => touched),
      ...settled.touched,
    ],
    secret: {
      registrationAccessToken: access.value,
      ...(settled.secret !== undefined && { secret: settled.secret }),
    },
  };
}

/** Takes one use, if there is one left: of many at once no more succeed than there are. */
async function spendUse({ tx, tenantId, now }: Writer, tokenId: string): Promise<TokenRow> {
  const isIt = and(eq(initialAccessTokens.tenantId, tenantId), eq(initialAccessTokens.id, tokenId));
  const [spent] = await tx
    .update(initialAccessTokens)
    .set({ usesLeft: sql`${initialAccessTokens.usesLeft} - 1`, lastUsedAt: now })
    .where(
      and(
        isIt,
        gt(initialAccessTokens.usesLeft, 0),
        isNull(initialAccessTokens.revokedAt),
        or(isNull(initialAccessTokens.expiresAt), gt(initialAccessTokens.expiresAt, now)),
      ),
    )
    .returning();
  if (spent) return spent;
  const [row] = await tx.select().from(initialAccessTokens).where(isIt);
  throw new RegistrationRefused(
    (row && tokenFailure(row, now)) ?? { reason: "registration_token_unknown", claimed: tokenId },
  );
}

/** Why a token registers nobody now. */
export function tokenFailure(row: TokenRow, now: Date): IssuerFailure | undefined {
  const { id: tokenId, revokedAt, expiresAt, usesLeft, uses } = row;
  if (revokedAt) return { reason: "registration_token_revoked", tokenId, revokedAt };
  if (expiresAt && expiresAt <= now) return { reason: "registration_token_expired", tokenId, expiredAt: expiresAt };
  return usesLeft > 0 ? undefined : { reason: "registration_token_used_up", tokenId, uses };
}

/** What a registration says of the client's settings. */
export const settingsOf = ({ methods, mayExchange, requiresDpop, requiresCertificate }: ClientMetadata) => ({
  clientAuthenticationMethods: [...methods],
  // What its grant_types leave out it may not do, whatever becomes of the workspace's setting.
  ...(!mayExchange && { tokenExchange: "refused" as const }),
  ...(requiresDpop && { dpop: "required" as const }),
  ...(requiresCertificate && { certificateBinding: "required" as const }),
});

async function grant(
  write: Writer,
  client: { readonly id: string; readonly workspaceId: string },
  wanted: ClientMetadata,
) {
  const identifiers = [...wanted.grants.keys()];
  if (identifiers.length === 0) return [];
  const inWorkspace = and(eq(resources.tenantId, write.tenantId), eq(resources.workspaceId, client.workspaceId));
  const rows = await write.tx
    .select({ id: resources.id, identifier: resources.identifier })
    .from(resources)
    .where(and(inWorkspace, inArray(resources.identifier, identifiers)));
  const granted = [];
  for (const { id: resourceId, identifier } of rows) {
    const scopes = [...(wanted.grants.get(identifier) ?? [])].sort();
    const { touched } = await setGrant(write, { clientId: client.id, resourceId, scopes });
    granted.push({ resourceId, scopes, touched });
  }
  return granted;
}
