import { createHash, randomBytes } from "node:crypto";
import { newApiToken, tokenHeader, turnOn } from "../support/api-token.ts";
import { send } from "../support/http.ts";
import type { StoryClient, StoryWorkspace } from "../support/world.ts";
import { inDays } from "./prover.ts";

/** The issuer's answer to a reverse proxy that asks about a token. */
export async function verifyStatus(
  workspace: StoryWorkspace,
  resource: string,
  value: string,
  header = tokenHeader,
): Promise<number> {
  const { identifier } = workspace.resource(resource);
  const url = `${workspace.issuer}/oauth2/verify?${new URLSearchParams({ resource: identifier })}`;
  return (await send(url, { headers: [header(value)] })).status;
}

/** Tokens in every state: used, narrowed, imported, revoked, over. */
export async function addApiTokens(workspace: StoryWorkspace, client: StoryClient, prover: StoryClient): Promise<void> {
  await turnOn(workspace, { apiTokenLimit: null });
  const invoices = { resourceId: workspace.resource("invoices").id, scopes: ["invoices:read"] };
  const till = await newApiToken(client, {
    name: "Till in Lyon",
    expiresAt: inDays(6.5),
    permissions: { chosen: [invoices] },
  });
  await verifyStatus(workspace, "invoices", till.value);
  const imported = {
    clientId: prover.id,
    name: "From the old gateway",
    sha256: createHash("sha256").update(randomBytes(32)).digest("hex"),
    permissions: { all: true },
  };
  await workspace.admin.must("importApiToken", imported, "__typename");
  const { id } = await newApiToken(prover, { name: "Trial", expiresAt: inDays(30) });
  await workspace.admin.must("revokeApiToken", { id }, "__typename");
  await newApiToken(prover, { name: "Load test", expiresAt: new Date(Date.now() + 2000).toISOString() });
}
