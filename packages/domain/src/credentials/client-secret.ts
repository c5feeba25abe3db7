import { clientSecrets } from "@mintmark/db/schema";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { id } from "../input.ts";
import { naming } from "../living-row.ts";
import { type ClientSecret, type ClientSecretRow, secretShape } from "./client-secret-row.ts";
import {
  type CredentialKind,
  gets,
  insertCredential,
  locateClient,
  madeCredential,
  type NewCredential,
  newCredential,
  revokes,
} from "./credential.ts";
import { givenSecret, importedSecret } from "./imported-secret.ts";
import { leaveRotations } from "./secret-rotation-row.ts";
import { newClientSecretValue } from "./secret-value.ts";

export const clientSecret: CredentialKind<ClientSecretRow, ClientSecret> = {
  ...secretShape,
  table: clientSecrets,
  word: "secret",
  lifetime: "clientSecretLifetime",
  limit: ({ clientSecretLimit }) => ({ limit: clientSecretLimit.value, setting: "clientSecretLimit" }),
  revokedEvent: ({ clientId, id: secretId, hint }, tokens) => ({
    type: "client-secret.revoked",
    clientId,
    secretId,
    hint,
    ...tokens,
  }),
  alsoChanges: (write, { id: secretId }) => leaveRotations(write, secretId),
};

interface NewSecret {
  readonly hint: string;
  readonly isImported: boolean;
  readonly digest: Buffer;
}

async function insertSecret(
  write: Writer,
  input: NewCredential,
  made: (pepper: number) => NewSecret,
): Promise<Changed> {
  const pepperVersion = write.installation.keyring.currentPepperVersion;
  const exists = { code: "ALREADY_EXISTS", noun: "clientSecret", path: ["value"], value: "with this value" } as const;
  const row = await naming(
    { client_secrets_digest: exists },
    insertCredential(write, clientSecret, input, async () => ({ ...made(pepperVersion), pepperVersion })),
  );
  const type = row.isImported ? "client-secret.imported" : "client-secret.created";
  const { id: secretId, clientId, hint } = row;
  return madeCredential(clientSecret, row, { type, clientId, secretId, hint });
}

/** What may be said of a secret that is made along with its client. */
export const newSecretInput = z.strictObject(newCredential);
const createInput = z.strictObject({ clientId: id, ...newCredential });

/** Makes a secret inside a change; its value is in the answer's `secret`. @throws Refusal */
export async function insertGeneratedSecret(write: Writer, input: NewCredential): Promise<Changed> {
  const { value, hint } = newClientSecretValue();
  const changed = await insertSecret(write, input, (pepper) => ({
    hint,
    isImported: false,
    digest: write.installation.keyring.digest(value, pepper),
  }));
  return { ...changed, secret: { value } };
}

const CreateClientSecret: Operation<z.infer<typeof createInput>, "client-secret:write"> = {
  mutation: "createClientSecret",
  permission: "client-secret:write",
  input: createInput,
  locate: locateClient,
  run: insertGeneratedSecret,
};

const importInput = z
  .strictObject({ clientId: id, ...importedSecret, ...newCredential })
  .refine((input) => givenSecret(input) !== undefined, {
    message: "Give either the secret's value or its sha256.",
    path: ["value"],
  });

const ImportClientSecret: Operation<z.infer<typeof importInput>, "client-secret:write"> = {
  mutation: "importClientSecret",
  permission: "client-secret:write",
  input: importInput,
  locate: locateClient,
  run(write, input) {
    const given = givenSecret(input);
    if (!given) throw new Error("an import without a secret was parsed");
    return insertSecret(write, input, (pepper) => ({
      hint: given.hint,
      isImported: true,
      digest: write.installation.keyring.digestOfHash(Buffer.from(given.sha256, "hex"), pepper),
    }));
  },
};

/** Makes a client secret; `secret.value` is shown this once. Needs client-secret:write. */
export const createClientSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateClientSecret, raw);
/** Takes over a secret that existed elsewhere, by its value or its unsalted SHA-256. */
export const importClientSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, ImportClientSecret, raw);
/** As for every credential; and the last owner's last secret stays (LAST_OWNER). */
export const revokeClientSecret = revokes("revokeClientSecret", clientSecret);
export const getClientSecret = gets(clientSecret);
