import { noticeDeliveries, notices, webhooks } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
import type { WorkspaceTarget } from "../authority/permission.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
} from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { httpsAddress } from "../credentials/https-address.ts";
import { newId } from "../id.ts";
import { id, name } from "../input.ts";
import { found, livingRow, livingWorkspace, locateRow, targetOf } from "../living-row.ts";
import { findWorkspace, locateWorkspace } from "../tenancy/workspace-row.ts";
import { DAY_MS } from "./schedule.ts";
import { hostOf, touchedWebhook, type Webhook, type WebhookRow, webhookOf, webhookSecretPlace } from "./webhook-row.ts";
import { newWebhookSecret } from "./webhook-signature.ts";

const MOST_WEBHOOKS = 20;

const createInput = z.strictObject({ workspaceId: id, name, address: httpsAddress });
const updateInput = z.strictObject({
  id,
  name: name.nullish(),
  address: httpsAddress.nullish(),
  isActive: z.boolean().nullish(),
});
const idInput = z.strictObject({ id });

/** Its receiver reads of every credential of the workspace: so much must whoever names it. @throws Refusal */
function refuseUnlessReader(write: Writer, workspace: WorkspaceTarget): void {
  alsoNeeds(write, "client-secret:read", workspace);
  alsoNeeds(write, "api-token:read", workspace);
}

const changed = (type: "created" | "updated" | "tested" | "secret-rotated", row: WebhookRow): Changed => ({
  id: row.id,
  event: { type: `webhook.${type}`, webhookId: row.id, name: row.name, host: hostOf(row.address) },
  workspaceId: row.workspaceId,
  touched: [touchedWebhook(row)],
});

const isIt = ({ tenantId }: Pick<Writer, "tenantId">, webhookId: string) =>
  and(eq(webhooks.tenantId, tenantId), eq(webhooks.id, webhookId));

const CreateWebhook: Operation<z.infer<typeof createInput>, "settings:write"> = {
  mutation: "createWebhook",
  permission: "settings:write",
  input: createInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, { workspaceId, ...said }) {
    const { tx, tenantId, installation, now } = write;
    // Held, so that two at once are counted one after the other.
    const held = await findWorkspace(tx, tenantId, workspaceId, "lock");
    const { kind } = found(held, "workspace", workspaceId, ["workspaceId"]);
    refuseUnlessReader(write, { workspaceId, kind });
    const here = and(eq(webhooks.tenantId, tenantId), eq(webhooks.workspaceId, workspaceId));
    if ((await tx.$count(webhooks, here)) >= MOST_WEBHOOKS)
      refuse({ code: "LIMIT_REACHED", noun: "webhook", limit: MOST_WEBHOOKS });
    const webhookId = newId("webhook");
    const value = newWebhookSecret();
    const wrappedSecret = installation.keyring.seal(Buffer.from(value), webhookSecretPlace(tenantId, webhookId));
    const [row] = await tx
      .insert(webhooks)
      .values({ tenantId, workspaceId, id: webhookId, ...said, wrappedSecret, createdAt: now })
      .returning();
    return { ...changed("created", found(row, "webhook", webhookId, ["id"])), secret: { value } };
  },
};

/** Locks the row, for a change of it. */
async function webhookToChange(write: Writer, webhookId: string) {
  return found(await livingRow(write, webhooks, webhookId, "lock"), "webhook", webhookId, ["id"]);
}

async function updated(write: Writer, webhookId: string, set: Partial<WebhookRow>): Promise<WebhookRow> {
  const [row] = await write.tx.update(webhooks).set(set).where(isIt(write, webhookId)).returning();
  return found(row, "webhook", webhookId, ["id"]);
}

const UpdateWebhook: Operation<z.infer<typeof updateInput>, "settings:write"> = {
  mutation: "updateWebhook",
  permission: "settings:write",
  input: updateInput,
  locate: (read, input) => locateRow(read, webhooks, "webhook", input.id, ["id"]),
  async run(write, { id: webhookId, ...said }) {
    const before = await webhookToChange(write, webhookId);
    if (said.address != null || said.isActive === true) refuseUnlessReader(write, targetOf(before));
    const { name: named, address, isActive } = before;
    return changed(
      "updated",
      await updated(write, webhookId, {
        name: said.name ?? named,
        address: said.address ?? address,
        isActive: said.isActive ?? isActive,
      }),
    );
  },
};

const RotateWebhookSecret: Operation<z.infer<typeof idInput>, "settings:write"> = {
  mutation: "rotateWebhookSecret",
  permission: "settings:write",
  input: idInput,
  locate: (read, input) => locateRow(read, webhooks, "webhook", input.id, ["id"]),
  async run(write, { id: webhookId }) {
    const { wrappedSecret: formerWrappedSecret } = await webhookToChange(write, webhookId);
    const value = newWebhookSecret();
    const place = webhookSecretPlace(write.tenantId, webhookId);
    const row = await updated(write, webhookId, {
      wrappedSecret: write.installation.keyring.seal(Buffer.from(value), place),
      formerWrappedSecret,
      formerSecretEndsAt: new Date(write.now.getTime() + DAY_MS),
    });
    return { ...changed("secret-rotated", row), secret: { value } };
  },
};

const DeleteWebhook: Operation<z.infer<typeof idInput>, "settings:write"> = {
  mutation: "deleteWebhook",
  permission: "settings:write",
  input: idInput,
  locate: (read, input) => locateRow(read, webhooks, "webhook", input.id, ["id"]),
  async run(write, { id: webhookId }) {
    const { workspaceId, name: was, address } = await webhookToChange(write, webhookId);
    await write.tx.delete(webhooks).where(isIt(write, webhookId));
    return {
      id: webhookId,
      event: { type: "webhook.deleted", webhookId, name: was, host: hostOf(address) },
      workspaceId,
      touched: [{ kind: "webhook", id: webhookId, workspaceId, body: null }],
    };
  },
};

const SendTestNotice: Operation<z.infer<typeof idInput>, "settings:write"> = {
  mutation: "sendTestNotice",
  permission: "settings:write",
  input: idInput,
  locate: (read, input) => locateRow(read, webhooks, "webhook", input.id, ["id"]),
  async run(write, { id: webhookId }) {
    const { tx, tenantId, now } = write;
    const { kind: _, ...row } = await webhookToChange(write, webhookId);
    if (!row.isActive)
      refuse({
        code: "INVALID_INPUT",
        path: ["id"],
        problem: "This webhook is off, so nothing is sent to it.",
        mend: "Turn it on first.",
      });
    const of = { tenantId, workspaceId: row.workspaceId, createdAt: now };
    const noticeId = newId("notice");
    await tx.insert(notices).values({ ...of, id: noticeId, body: {} });
    await tx.insert(noticeDeliveries).values({ ...of, noticeId, receiver: webhookId, webhookId, dueAt: now });
    return changed("tested", row);
  },
};

/** Sends a workspace's notices to an https address; `secret.value` signs them, and is shown this once. */
export const createWebhook = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateWebhook, raw);
/** Changes what is named. `isActive: false` sends nothing more, and gives up what waits. */
export const updateWebhook = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateWebhook, raw);
/** Makes a new secret, shown this once; the one before it signs too for a day. */
export const rotateWebhookSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RotateWebhookSecret, raw);
/** Deletes it, with what waits. */
export const deleteWebhook = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteWebhook, raw);
/** Sends a notice of nothing, at once: whether it arrived stands among the deliveries. */
export const sendTestNotice = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, SendTestNotice, raw);

const seen = (actor: Actor, row: WebhookRow, workspace: WorkspaceTarget): Webhook =>
  webhookOf(row, mayRead(actor, "settings:write", workspace));

/** `undefined` where it may not be seen. */
export async function getWebhook(actor: Actor, webhookId: string): Promise<Webhook | undefined> {
  const row = await livingRow(readerOf(actor), webhooks, webhookId);
  return row && mayRead(actor, "settings:read", targetOf(row)) ? seen(actor, row, targetOf(row)) : undefined;
}

/** A workspace's webhooks, oldest first: twenty at most; undefined where they may not be seen. */
export async function listWebhooks(actor: Actor, workspaceId: string): Promise<readonly Webhook[] | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "settings:read", workspace)) return undefined;
  const rows = await read.tx
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.tenantId, read.tenantId), eq(webhooks.workspaceId, workspaceId)))
    .orderBy(asc(webhooks.createdAt), asc(webhooks.id));
  return rows.map((row) => seen(actor, row, workspace));
}
