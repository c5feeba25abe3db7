import { workspaces } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation, read } from "../change/actor.ts";
import { revokeTokensOf } from "../clients/cut-off.ts";
import { id } from "../input.ts";
import { found, livingWorkspace } from "../living-row.ts";
import { revokeOne, type TokenInput, tokenInput } from "./token-revocation.ts";

/** A workspace as the System API names it: its tokens open no field of the Admin API. */
export interface NamedWorkspace {
  readonly id: string;
  readonly slug: string;
}

/**
 * The workspace of the actor's tenant with that issuer; `undefined` where it has none.
 *
 * @throws Refusal when the actor may not see tokens of all workspaces
 */
export const workspaceOfIssuer = (actor: Actor, issuer: string): Promise<NamedWorkspace | undefined> =>
  read(actor, "tenant-token:read", null, async ({ tx, tenantId }) => {
    const isIt = and(
      eq(workspaces.tenantId, tenantId),
      eq(workspaces.issuer, issuer.replaceAll("\0", "").slice(0, 500)),
      ne(workspaces.status, "deleted"),
    );
    const [row] = await tx.select({ id: workspaces.id, slug: workspaces.slug }).from(workspaces).where(isIt);
    return row;
  });

const RevokeTenantToken: Operation<TokenInput, "tenant-token:revoke"> = {
  mutation: "revokeTenantToken",
  permission: "tenant-token:revoke",
  input: tokenInput,
  locate: async () => ({ target: null }),
  async run(write, input) {
    const { workspaceId } = input;
    found(await livingWorkspace(write, workspaceId), "workspace", workspaceId, ["workspaceId"]);
    return revokeOne(write, input);
  },
};

/** Takes one token back in any workspace of the tenant, as `revokeToken` does in one's own. Needs tenant-token:revoke. */
export const revokeTenantToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeTenantToken, raw);

const RevokeTenantClientTokens: Operation<{ readonly id: string }, "tenant-token:revoke"> = {
  mutation: "revokeTenantClientTokens",
  permission: "tenant-token:revoke",
  input: z.strictObject({ id }),
  locate: async () => ({ target: null }),
  run: (write, input) => revokeTokensOf(write, input.id),
};

/** Takes back all tokens that a client of any workspace of the tenant has so far. Needs tenant-token:revoke. */
export const revokeTenantClientTokens = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeTenantClientTokens, raw);
