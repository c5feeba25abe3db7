import { apiTokens } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation, refuse } from "../change/actor.ts";
import { adminWorkspaceOf } from "../change/audit.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { newId } from "../id.ts";
import { futureInstant, id, name } from "../input.ts";
import { found } from "../living-row.ts";
import { personOf, refuseBeyondPersonal } from "./personal-limit.ts";
import { personalPermissions, personalPowerOf } from "./personal-token-power.ts";
import {
  isOfMember,
  ownToken,
  type PersonalToken,
  personalTokensOf,
  touchedPersonalToken,
} from "./personal-token-row.ts";
import { personalTokenSettings } from "./personal-tokens.ts";
import { refuseEnd } from "./static-token-end.ts";
import { newPersonalTokenValue } from "./static-token-value.ts";

/** What a change of one token gives back; a person's own things are the tenant's, and in its admin chain. */
function changedToken(
  type: "personal-token.created" | "personal-token.updated" | "personal-token.revoked",
  token: PersonalToken,
) {
  const { id: tokenId, memberId, hint } = token;
  const touched = [touchedPersonalToken(token)];
  return { id: tokenId, event: { type, memberId, tokenId, hint }, workspaceId: null, touched } as const;
}

const createInput = z.strictObject({ name, expiresAt: futureInstant.nullish(), permissions: personalPermissions });

const CreatePersonalToken: Operation<z.infer<typeof createInput>, "personal-token:write"> = {
  mutation: "createPersonalToken",
  permission: "personal-token:write",
  // It has the person's power, and outlives the session that made it.
  isDangerous: true,
  input: createInput,
  locate: async () => ({ target: null }),
  async run(write, input) {
    const { tx, tenantId, now, installation } = write;
    const person = personOf(write);
    const { memberId } = person;
    const settings = await personalTokenSettings(write);
    await refuseBeyondPersonal(write, memberId, settings, "static_token");
    const expiresAt = input.expiresAt ?? null;
    refuseEnd(settings, now, expiresAt);
    const power = await personalPowerOf(write, person, input.permissions);
    const tokenId = newId("personalToken");
    const { value, hint } = newPersonalTokenValue({ tenantId, id: tokenId });
    const pepperVersion = installation.keyring.currentPepperVersion;
    const [row] = await tx
      .insert(apiTokens)
      .values({
        ...{ tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId), id: tokenId, memberId },
        ...power,
        digest: installation.keyring.digest(value, pepperVersion),
        ...{ pepperVersion, hint, name: input.name, createdAt: now, notBefore: now, expiresAt },
      })
      .returning();
    return { ...changedToken("personal-token.created", await shown(write, row)), secret: { value } };
  },
};

async function shown(write: Writer, row: typeof apiTokens.$inferSelect | undefined): Promise<PersonalToken> {
  const [token] = isOfMember(row) ? await personalTokensOf(write, [row]) : [];
  return found(token, "personalToken", row?.id ?? "", ["id"]);
}

const locateOwn = async (read: Reader, { id }: { readonly id: string }) => {
  const { principal } = read;
  const row = principal.kind === "member" ? await ownToken(read, principal.memberId, id) : undefined;
  found(row, "personalToken", id, ["id"]);
  return { target: null };
};

async function updateRow(write: Writer, tokenId: string, values: Partial<typeof apiTokens.$inferInsert>) {
  const isRow = and(eq(apiTokens.tenantId, write.tenantId), eq(apiTokens.id, tokenId));
  const [row] = await write.tx.update(apiTokens).set(values).where(isRow).returning();
  return shown(write, row);
}

const tokenToChange = async (write: Writer, tokenId: string) =>
  found(await ownToken(write, personOf(write).memberId, tokenId, "lock"), "personalToken", tokenId, ["id"]);

const updateInput = z.strictObject({
  id,
  name: name.nullish(),
  expiresAt: futureInstant.nullish(),
  permissions: personalPermissions.nullish(),
});

const UpdatePersonalToken: Operation<z.infer<typeof updateInput>, "personal-token:write"> = {
  mutation: "updatePersonalToken",
  permission: "personal-token:write",
  isDangerous: true,
  input: updateInput,
  locate: locateOwn,
  async run(write, { id: tokenId, name: newName, expiresAt, permissions }) {
    const row = await tokenToChange(write, tokenId);
    if (row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= write.now))
      refuse({
        code: "PROTECTED",
        noun: "personalToken",
        what: "This token is over: what has ended does not come back.",
        mend: "Create another one.",
      });
    if (expiresAt !== undefined) refuseEnd(await personalTokenSettings(write), row.createdAt, expiresAt);
    const token = await updateRow(write, tokenId, {
      name: newName ?? row.name,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(permissions && (await personalPowerOf(write, personOf(write), permissions))),
    });
    return changedToken("personal-token.updated", token);
  },
};

const revokeInput = z.strictObject({ id });

const RevokePersonalToken: Operation<z.infer<typeof revokeInput>, "personal-token:write"> = {
  mutation: "revokePersonalToken",
  permission: "personal-token:write",
  input: revokeInput,
  locate: locateOwn,
  async run(write, { id: tokenId }) {
    const row = await tokenToChange(write, tokenId);
    const revokedAt = row.revokedAt ?? write.now;
    return changedToken("personal-token.revoked", await updateRow(write, tokenId, { revokedAt }));
  },
};

/** Makes a token of the person who is signed in; `secret.value` is shown this once. Needs a session. */
export const createPersonalToken = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreatePersonalToken, raw);
/** Changes an own token's name, end or permissions; a member that is left out stays. Never its value. Needs a session. */
export const updatePersonalToken = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, UpdatePersonalToken, raw);
/** Stops an own token, at once and for good. Revoking twice changes nothing. Needs a session. */
export const revokePersonalToken = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokePersonalToken, raw);
