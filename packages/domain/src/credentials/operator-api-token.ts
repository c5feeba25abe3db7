import { clients } from "@mintmark/db/schema";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { futureInstant, id, name } from "../input.ts";
import { found, livingRow } from "../living-row.ts";
import { locateTenant, refuseDeleted, tenantToChange } from "../tenancy/tenant-row.ts";
import { givenSecret, importedSecret } from "./imported-secret.ts";
import { foreignValue, generated, imported, insertApiToken } from "./new-api-token.ts";

const input = z
  .strictObject({
    tenantId: id,
    clientId: id,
    name,
    expiresAt: futureInstant.nullish(),
    value: foreignValue.nullish(),
    sha256: importedSecret.sha256,
  })
  .refine((said) => said.value == null || said.sha256 == null, {
    message: "Give either the token's value or its sha256, or neither for a new one.",
    path: ["value"],
  });

/** The special workspaces are their owners' alone: a token of them administers the tenant. */
async function refuseSpecial(there: Writer, clientId: string): Promise<void> {
  const client = found(await livingRow(there, clients, clientId), "client", clientId, ["clientId"]);
  if (client.kind === "custom") return;
  refuse({
    code: "PROTECTED",
    noun: "apiToken",
    what: `Clients of the ${client.kind} workspace administer their tenant: only its owners make tokens for them.`,
    mend: "Choose a client of a custom workspace, or ask an owner of that tenant.",
  });
}

const CreateTenantApiToken: Operation<z.infer<typeof input>, "tenant-api-token:write"> = {
  mutation: "createTenantApiToken",
  permission: "tenant-api-token:write",
  isDangerous: true,
  input,
  locate: (read, { tenantId }) => locateTenant(read, { id: tenantId }, ["tenantId"]),
  async run(write, { tenantId, value, sha256, ...said }) {
    refuseDeleted(await tenantToChange(write, tenantId));
    // All that follows is looked for in that tenant, and in no other.
    const there = { ...write, tenantId };
    await refuseSpecial(there, said.clientId);
    let shown: string | undefined;
    const given = givenSecret({ value, sha256 });
    const make = given
      ? imported(there, given)
      : generated(there, (made) => {
          shown = made;
        });
    const changed = await insertApiToken(there, { ...said, permissions: { all: true } }, make, true);
    return { ...changed, visitedTenantId: tenantId, ...(shown !== undefined && { secret: { value: shown } }) };
  },
};

/**
 * Makes or imports an API token for an application of any tenant, whatever that tenant's settings say about making them; it is
 * listed there as made by the operator, and follows its application's access. A new one's value is shown this once, in
 * `secret.value`. Needs tenant-api-token:write.
 */
export const createTenantApiToken = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateTenantApiToken, raw);
