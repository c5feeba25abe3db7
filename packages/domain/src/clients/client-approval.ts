import { clients } from "@mintmark/db/schema";
import { z } from "zod";
import { holds } from "../authority/principal.ts";
import { type Actor, type Answer, change, type Operation, refuse } from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { description, id } from "../input.ts";
import { livingWorkspace, locateRow } from "../living-row.ts";
import { ownersToAsk } from "../people/gatekeepers.ts";
import { refuseLastOwner } from "../people/last-owner.ts";
import { effectiveSettingsAt } from "../settings/settings.ts";
import { type Client, clientSaid, clientToChange, touchedClient, updateClientRow } from "./client-row.ts";

/**
 * How a new client begins. Whoever may approve it has done so by making it; an initial access token was made by somebody
 * who may, and what is a member's own is bounded by that member.
 */
export async function approvalOfNew(
  write: Writer,
  { workspaceId, owner }: { readonly workspaceId: string; readonly owner?: object },
): Promise<Client["approval"]> {
  const { tx, tenantId, principal } = write;
  if (owner !== undefined || principal.kind === "registrar") return "approved";
  const target = await livingWorkspace(write, workspaceId);
  if (target && holds(principal, "client:approve", target)) return "approved";
  const { clientApproval } = await effectiveSettingsAt(tx, { tenantId, workspaceId });
  return clientApproval.value === "required" ? "waiting" : "approved";
}

/** Refuses credentials of a client that was not approved, and says who can. @throws Refusal APPROVAL_NEEDED */
export async function refuseUnapproved(
  { tx, tenantId, principal, now }: Writer,
  { approval, refusalReason }: Pick<Client, "approval" | "refusalReason">,
): Promise<void> {
  if (approval === "approved") return;
  // Whoever visits another tenant is not told who owns it.
  const owners = principal.tenantId === tenantId ? await ownersToAsk(tx, principal, now) : [];
  refuse({ code: "APPROVAL_NEEDED", path: ["clientId"], reason: refusalReason ?? undefined, owners });
}

const locate = (read: Reader, input: { readonly id: string }) => locateRow(read, clients, "client", input.id, ["id"]);

const approveInput = z.strictObject({ id });

const ApproveClient: Operation<z.infer<typeof approveInput>, "client:approve"> = {
  mutation: "approveClient",
  permission: "client:approve",
  input: approveInput,
  locate,
  async run(write, input) {
    const { id: clientId } = await clientToChange(write, input.id, ["id"]);
    const row = await updateClientRow(write, clientId, { approval: "approved", refusalReason: null });
    const event = { type: "client.approved", ...clientSaid(row) } as const;
    return { id: clientId, event, workspaceId: row.workspaceId, touched: [touchedClient(row)] };
  },
};

const refuseInput = z.strictObject({ id, reason: description.min(1, "Say why: whoever made it reads this.") });

const RefuseClient: Operation<z.infer<typeof refuseInput>, "client:approve"> = {
  mutation: "refuseClient",
  permission: "client:approve",
  input: refuseInput,
  locate,
  async run(write, { id: wanted, reason }) {
    const { id: clientId } = await clientToChange(write, wanted, ["id"]);
    await refuseLastOwner(write, { clientId });
    const row = await updateClientRow(write, clientId, { approval: "refused", refusalReason: reason });
    const event = { type: "client.refused", ...clientSaid(row), reason } as const;
    return { id: clientId, event, workspaceId: row.workspaceId, touched: [touchedClient(row)] };
  },
};

/** Lets a client hold credentials and get tokens. Approving twice changes nothing. Needs client:approve. */
export const approveClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, ApproveClient, raw);
/**
 * Refuses a client, or takes an approval back: it holds nothing that works until it is approved. The last owner stays
 * (LAST_OWNER). Needs client:approve.
 */
export const refuseClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RefuseClient, raw);
