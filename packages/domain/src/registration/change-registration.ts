import { isDeepStrictEqual } from "node:util";
import { clientRegistrations, clients } from "@mintmark/db/schema";
import type { ClientMetadata } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Changed, Operation } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { removeClient } from "../clients/client.ts";
import { removeGrant, setGrant } from "../clients/client-grant.ts";
import { clientToChange, touchedClient, updateClientRow } from "../clients/client-row.ts";
import { id } from "../input.ts";
import { locateRow } from "../living-row.ts";
import { type OwnSettings, updatedSettings } from "../settings/settings.ts";
import { RegistrationRefused, settingsOf, touchedRegistration, wantedInput } from "./register-client.ts";
import { settleCredentials } from "./registered-credentials.ts";
import { heldGrants, type RegistrationRow, registrationRow } from "./registration-view.ts";

const locate = (read: Reader, input: { readonly clientId: string }) =>
  locateRow(read, clients, "client", input.clientId, ["clientId"]);

/** The client and its registration, locked: its token may have been revoked since it was shown. */
async function lockRegistered(write: Writer, clientId: string) {
  const client = await clientToChange(write, clientId, ["clientId"]);
  const registration = await registrationRow(write, clientId);
  if (!registration || registration.revokedAt)
    throw new RegistrationRefused({ reason: "registration_token_unknown", claimed: clientId });
  if (client.status === "disabled" || client.approval !== "approved")
    throw new RegistrationRefused({ reason: "registered_client_disabled", clientId: client.clientId });
  return { client, registration };
}

const replaceInput = z.strictObject({
  clientId: id,
  secretLifetime: z.int().nullable(),
  ...wantedInput,
});
type ReplaceInput = z.infer<typeof replaceInput>;

/** Puts another registration in the place of a client's own (RFC 7592 §2.2). It can give up access, and not gain any. */
export const ReplaceRegistration: Operation<ReplaceInput, "client:write"> = {
  mutation: "replaceRegistration",
  permission: "client:write",
  input: replaceInput,
  locate,
  run: replace,
};

async function replace(
  write: Writer,
  { clientId, secretLifetime, client_name, wanted }: ReplaceInput,
): Promise<Changed> {
  const { client, registration } = await lockRegistered(write, clientId);
  const isOwnWord = mayChooseMethods(client.settings, registration, wanted);
  const row = await updateClientRow(write, clientId, {
    name: client_name ?? client.clientId,
    settings: updatedSettings(client.settings, settingsOf(wanted)),
  });
  const withdrawn = await giveUp(write, clientId, wanted);
  const former = registration.credentialIds;
  const settled = await settleCredentials(write, client, wanted.credentials, { former, secretLifetime });
  const methods = isOwnWord ? [...wanted.methods] : registration.methods;
  const now: RegistrationRow = { ...registration, credentialIds: [...settled.ids], methods };
  await write.tx
    .update(clientRegistrations)
    .set({ credentialIds: now.credentialIds, methods: now.methods })
    .where(and(eq(clientRegistrations.tenantId, write.tenantId), eq(clientRegistrations.clientId, clientId)));
  return {
    id: clientId,
    event: { type: "client.registration-changed", clientId, name: row.name, credentialIds: settled.ids },
    workspaceId: row.workspaceId,
    touched: [touchedClient(row), touchedRegistration(now), ...withdrawn, ...settled.touched],
    ...(settled.secret !== undefined && { secret: { secret: settled.secret } }),
  };
}

/**
 * Whether it is for the client to say how it may authenticate: what an administrator said since it last did stays, and
 * can only be narrowed.
 *
 * @throws RegistrationRefused
 */
function mayChooseMethods(
  { clientAuthenticationMethods: allowed }: OwnSettings,
  { methods: former }: RegistrationRow,
  { methods }: ClientMetadata,
): boolean {
  // Of who registered before that was kept nobody knows whose word it is: it counts as the administrator's.
  if (!allowed || (former && isDeepStrictEqual(allowed.toSorted(), former.toSorted()))) return true;
  if (methods.every((method) => allowed.includes(method))) return false;
  const member = "token_endpoint_auth_method";
  throw new RegistrationRefused({ reason: "invalid_client_metadata", member, problem: "not_allowed", allowed });
}

/** Withdraws what the registration names no longer. What it names and does not hold any more stays withdrawn. */
async function giveUp(write: Writer, clientId: string, { grants }: ClientMetadata): Promise<readonly Touched[]> {
  const touched: Touched[] = [];
  for (const { id: grantId, resourceId, identifier, scopes } of await heldGrants(write, clientId)) {
    const left = scopes.filter((name) => grants.get(identifier)?.has(name));
    if (left.length === scopes.length) continue;
    const changed =
      left.length === 0
        ? await removeGrant(write, grantId)
        : await setGrant(write, { clientId, resourceId, scopes: left });
    touched.push(...changed.touched);
  }
  return touched;
}

const removeInput = z.strictObject({ clientId: id });

/** Deletes a client because it says so itself (RFC 7592 §2.3). */
export const RemoveRegistered: Operation<z.infer<typeof removeInput>, "client:write"> = {
  mutation: "removeRegistered",
  permission: "client:write",
  input: removeInput,
  locate,
  async run(write, { clientId }) {
    await lockRegistered(write, clientId);
    return removeClient(write, clientId);
  },
};
