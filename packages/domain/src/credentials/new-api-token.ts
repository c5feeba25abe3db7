import { apiTokens, clients } from "@mintmark/db/schema";
import { isAccessTokenForm } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  type Operation,
  refuse,
  refuseWithoutStepUp,
} from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { refuseUnapproved } from "../clients/client-approval.ts";
import { clientToChange, refuseOwned } from "../clients/client-row.ts";
import { newId } from "../id.ts";
import { futureInstant, id, name } from "../input.ts";
import { found, type LivingRow, locateRow, naming } from "../living-row.ts";
import { type EffectiveSettings, effectiveSettingsAt } from "../settings/settings.ts";
import { powerOf, tokenPermissions } from "./api-token-permissions.ts";
import { isOfClient, touchedApiToken, withPermissions } from "./api-token-row.ts";
import { refuseType } from "./generated-type.ts";
import { givenSecret, type ImportedSecret, importedSecret, importedValue } from "./imported-secret.ts";
import { isLivingAt } from "./living-credential.ts";
import { refuseEnd } from "./static-token-end.ts";
import { newApiTokenValue } from "./static-token-value.ts";

/** What is said of every new API token. */
const newToken = { clientId: id, name, expiresAt: futureInstant.nullish(), permissions: tokenPermissions };
const createInput = z.strictObject(newToken);
type NewTokenInput = z.infer<typeof createInput>;

/** What is kept of the value. */
export interface MadeValue {
  readonly digest: Buffer;
  readonly hint: string;
  readonly isImported: boolean;
}

async function refuseBeyondSettings(
  write: Writer,
  client: LivingRow<typeof clients>,
  settings: EffectiveSettings,
): Promise<void> {
  const { tx, tenantId, now } = write;
  if (settings.apiTokens.value === "off") refuse({ code: "TURNED_OFF", noun: "apiToken", setting: "apiTokens" });
  refuseType(settings, "apiToken", "static_token");
  const isLiving = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.clientId, client.id), isLivingAt(apiTokens, now));
  const limit = settings.apiTokenLimit.value;
  if ((await tx.$count(apiTokens, isLiving)) >= limit)
    refuse({ code: "LIMIT_REACHED", noun: "apiToken", limit, setting: "apiTokenLimit" });
}

/** Makes what is kept of a value, under that pepper. */
type MakeValue = (place: { readonly workspaceId: string; readonly id: string }, pepper: number) => MadeValue;

/**
 * Makes a token inside a change. The client is locked: two calls cannot both be the last that the limit allows. An operator
 * makes tokens for a tenant whether it makes them itself or not.
 *
 * @throws Refusal
 */
export async function insertApiToken(
  write: Writer,
  input: NewTokenInput,
  make: MakeValue,
  isByOperator = write.principal.kind === "cli",
): Promise<Changed> {
  const { tx, tenantId, now, installation } = write;
  const client = await clientToChange(write, input.clientId, ["clientId"]);
  refuseOwned(client);
  await refuseUnapproved(write, client);
  // Such a token administers the tenant, and outlives the session that made it.
  if (client.kind !== "custom") refuseWithoutStepUp(write);
  const { workspaceId, id: clientId } = client;
  const settings = await effectiveSettingsAt(tx, { tenantId, workspaceId, clientId });
  if (!isByOperator) await refuseBeyondSettings(write, client, settings);
  const expiresAt = input.expiresAt ?? null;
  refuseEnd(settings, now, expiresAt);
  const power = await powerOf(write, client, input.permissions);
  const tokenId = newId("apiToken");
  const pepperVersion = installation.keyring.currentPepperVersion;
  const made = make({ workspaceId, id: tokenId }, pepperVersion);
  const place = { tenantId, workspaceId, id: tokenId, clientId };
  const exists = { code: "ALREADY_EXISTS", noun: "apiToken", path: ["value"], value: "with this value" } as const;
  const [row] = await naming(
    { api_tokens_digest: exists },
    tx
      .insert(apiTokens)
      .values({
        ...place,
        ...power,
        ...made,
        pepperVersion,
        name: input.name,
        createdAt: now,
        notBefore: now,
        expiresAt,
        isMadeByOperator: isByOperator,
      })
      .returning(),
  );
  const [token] = isOfClient(row) ? await withPermissions(write, [row]) : [];
  const type = made.isImported ? "api-token.imported" : "api-token.created";
  return {
    id: tokenId,
    event: { type, clientId, tokenId, name: input.name, hint: made.hint },
    workspaceId,
    touched: [touchedApiToken(found(token, "apiToken", tokenId, ["id"]))],
  };
}

const locateClient = (read: Reader, { clientId }: NewTokenInput) =>
  locateRow(read, clients, "client", clientId, ["clientId"]);

const CreateApiToken: Operation<NewTokenInput, "api-token:write"> = {
  mutation: "createApiToken",
  permission: "api-token:write",
  input: createInput,
  locate: locateClient,
  async run(write, input) {
    let shown = "";
    const changed = await insertApiToken(
      write,
      input,
      generated(write, (value) => {
        shown = value;
      }),
    );
    return { ...changed, secret: { value: shown } };
  },
};

/** A value of ours. */
export const generated =
  (write: Writer, show: (value: string) => void): MakeValue =>
  (place, pepper) => {
    const { value, hint } = newApiTokenValue({ tenantId: write.tenantId, ...place });
    show(value);
    return { digest: write.installation.keyring.digest(value, pepper), hint, isImported: false };
  };

/** One that existed elsewhere. */
export const imported =
  ({ installation }: Writer, given: ImportedSecret): MakeValue =>
  (_, pepper) => ({
    digest: installation.keyring.digestOfHash(Buffer.from(given.sha256, "hex"), pepper),
    hint: given.hint,
    isImported: true,
  });

/** It goes as one word behind the scheme, and must not be taken for what we make ourselves. */
export const foreignValue = z
  .string()
  .regex(/^[\x21-\x7E]*$/, "An API token has printable ASCII characters only, without spaces.")
  .refine(
    (text) => !isAccessTokenForm(text),
    "This looks like an access token: those are refused as API tokens. Import the opaque string that callers send.",
  )
  .refine((text) => !/^mm[a-z]_/.test(text), "This looks like one of Mintmark's own credentials. Create a new token.")
  .pipe(importedValue);

const importInput = z
  .strictObject({ ...newToken, value: foreignValue.nullish(), sha256: importedSecret.sha256 })
  .refine((input) => givenSecret(input) !== undefined, {
    message: "Give either the token's value or its sha256.",
    path: ["value"],
  });

const ImportApiToken: Operation<z.infer<typeof importInput>, "api-token:write"> = {
  mutation: "importApiToken",
  permission: "api-token:write",
  input: importInput,
  locate: locateClient,
  async run(write, input) {
    const given = givenSecret(input);
    if (!given) throw new Error("an import without a token was parsed");
    const { kind } = await clientToChange(write, input.clientId, ["clientId"]);
    if (kind !== "custom")
      refuse({
        code: "PROTECTED",
        noun: "apiToken",
        what: "The admin and the system workspace take no tokens from elsewhere: theirs name their tenant themselves.",
        mend: "Create a new token there, or import this one in a custom workspace.",
      });
    return insertApiToken(write, input, imported(write, given));
  },
};

/** Makes an API token; `secret.value` is shown this once. Needs api-token:write. */
export const createApiToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateApiToken, raw);
/** Takes over a token that existed elsewhere, by its value or its unsalted SHA-256. Needs api-token:write. */
export const importApiToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, ImportApiToken, raw);
