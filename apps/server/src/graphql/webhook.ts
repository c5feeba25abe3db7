import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listUnmailed,
  listWebhooks,
  type NoticeDelivery,
  noticeSchedule,
  rotateWebhookSecret,
  sendTestNotice,
  updateWebhook,
  type Webhook,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { DeliveryStateEnum } from "./enums.ts";
import { changed, deleted, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { WorkspaceRef } from "./refs.ts";

registerNode("webhook", "Webhook", getWebhook);

const WebhookRef = builder.objectRef<Webhook>("Webhook");
const NoticeDeliveryRef = builder.objectRef<NoticeDelivery>("NoticeDelivery");

NoticeDeliveryRef.implement({
  description: "One notice on its way to one webhook, or to one person.",
  ...carrier,
  fields: (t) => ({
    messageId: t.exposeString("noticeId", {
      description: "What stands in a webhook's header `webhook-id`, at each attempt the same.",
    }),
    isTest: t.boolean({ resolve: ({ about }) => about === null }),
    credentialId: t.id({ nullable: true, resolve: ({ about }) => about?.credential.id }),
    credentialHint: t.string({ nullable: true, resolve: ({ about }) => about?.credential.hint }),
    clientName: t.string({ nullable: true, resolve: ({ about }) => about?.client?.name }),
    daysBefore: t.int({
      nullable: true,
      description: "The step of the schedule; 0: the credential has ended.",
      resolve: ({ about }) => about?.daysBefore,
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    state: t.expose("state", { type: DeliveryStateEnum }),
    attempts: t.exposeInt("attempts", { description: "How often it was tried so far; seven times at most." }),
    lastTriedAt: t.expose("lastTriedAt", { type: "DateTime", nullable: true }),
    nextTryAt: t.expose("nextTryAt", {
      type: "DateTime",
      nullable: true,
      description: "Null where it is not tried again.",
    }),
    reason: t.exposeString("reason", {
      nullable: true,
      description: "Why the last attempt came to nothing, and what to do.",
    }),
    mailedTo: t.exposeString("mailedTo", {
      nullable: true,
      description: "The name of whom it is mailed to. Null for a webhook, and for those who may not see members.",
    }),
  }),
});

WebhookRef.implement({
  description: `An https address that is told when a workspace's credentials end. ${noticeSchedule} Messages are signed as Standard Webhooks says; one that is not taken is tried again after 1 minute, 5 and 30 minutes, 2, 6 and 24 hours.`,
  interfaces: [Node],
  ...needs("settings:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    host: t.exposeString("host", { description: "Of its address, with the port where it has one." }),
    address: t.exposeString("address", {
      nullable: true,
      description: "For those who may change it: some addresses are a secret.",
    }),
    isActive: t.exposeBoolean("isActive"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    formerSecretEndsAt: t.expose("formerSecretEndsAt", {
      type: "DateTime",
      nullable: true,
      description: "Until then the secret before this one signs too.",
    }),
    deliveries: t.field({
      ...needs("client-secret:read"),
      description: "The newest, at most twenty.",
      type: [NoticeDeliveryRef],
      nullable: true,
      complexity: { field: 1, multiplier: 20 },
      resolve: async ({ id }, _, { actor }) => (await listDeliveries(actor, id)) as NoticeDelivery[] | undefined,
    }),
  }),
});

builder.objectField(WorkspaceRef, "webhooks", (t) =>
  t.field({
    ...needs("settings:read"),
    description: `Where the workspace's notices go, oldest first; twenty at most. ${noticeSchedule}`,
    type: [WebhookRef],
    nullable: true,
    complexity: { field: 1, multiplier: 20 },
    resolve: async ({ id }, _, { actor }) => (await listWebhooks(actor, id)) as Webhook[] | undefined,
  }),
);

builder.objectField(WorkspaceRef, "unmailedNotices", (t) =>
  t.field({
    ...needs("client-secret:read"),
    description:
      "The newest notices that could not be mailed at the last attempt, at most twenty. Those of personal tokens are their member's own affair.",
    type: [NoticeDeliveryRef],
    nullable: true,
    complexity: { field: 1, multiplier: 20 },
    resolve: async ({ id }, _, { actor }) => (await listUnmailed(actor, id)) as NoticeDelivery[] | undefined,
  }),
);

const address = "Its https address. It is asked for no redirect, and has 5 seconds.";
const payload = changed<Webhook>("webhook", WebhookRef, getWebhook);
const withSecret = (t: Parameters<typeof payload>[0]) => ({
  ...payload(t),
  secret: t.string({
    nullable: true,
    description: "What signs, `whsec_…`; shown in this answer and never again.",
    resolve: (outcome) => shownOnce(outcome, "value"),
  }),
});

mutation("createWebhook", {
  permission: "settings:write",
  description:
    "Sends a workspace's notices to an https address, and shows once what signs them. Its receiver reads of every credential, so it needs client-secret:read and api-token:read too.",
  run: createWebhook,
  showsSecret: true,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    name: t.string({ required: true }),
    address: t.string({ required: true, description: address }),
  }),
  payload: withSecret,
});

mutation("updateWebhook", {
  permission: "settings:write",
  description: "Changes what is named. Turned off, it is sent nothing, and what waits is given up.",
  run: updateWebhook,
  input: (t) => ({
    id: t.field({ type: "WebhookId", required: true }),
    name: t.string(),
    address: t.string({ description: address }),
    isActive: t.boolean({ description: "False turns it off, true on again." }),
  }),
  payload,
});

mutation("rotateWebhookSecret", {
  permission: "settings:write",
  description: "Makes a new secret, and shows it once. For a day the one before it signs too.",
  run: rotateWebhookSecret,
  showsSecret: true,
  input: (t) => ({ id: t.field({ type: "WebhookId", required: true }) }),
  payload: withSecret,
});

mutation("sendTestNotice", {
  permission: "settings:write",
  description: "Sends a test to a webhook, at once. Whether it arrived stands among its deliveries.",
  run: sendTestNotice,
  input: (t) => ({ id: t.field({ type: "WebhookId", required: true }) }),
  payload,
});

mutation("deleteWebhook", {
  permission: "settings:write",
  description: "Deletes a webhook, and what waits for it.",
  run: deleteWebhook,
  input: (t) => ({ id: t.field({ type: "WebhookId", required: true }) }),
  payload: deleted("deletedWebhookId", "WebhookId"),
});
