import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, instant, tenantId, workspaceId } from "./columns.ts";
import { members } from "./people.ts";
import { workspaces } from "./tenancy.ts";

/** Where a workspace's notices go: somebody's https address. */
export const webhooks = pgTable(
  "webhooks",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    address: text("address").notNull(),
    /** What signs, sealed by the master key in this row's place. */
    wrappedSecret: bytes("wrapped_secret").notNull(),
    /** The one before it, which signs too until then. */
    formerWrappedSecret: bytes("former_wrapped_secret"),
    formerSecretEndsAt: instant("former_secret_ends_at"),
    isActive: boolean("is_active").notNull().default(true),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("webhooks_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    foreignKey({
      name: "webhooks_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    check("webhooks_former_secret", sql`(${t.formerWrappedSecret} is null) = (${t.formerSecretEndsAt} is null)`),
  ],
);

/** What is told of a credential, once for each step of the schedule and each end that it had; or a test. */
export const notices = pgTable(
  "notices",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    /** Null: a test. */
    credentialId: text("credential_id"),
    endsAt: instant("ends_at"),
    /** Days before the end; 0: it has ended. */
    step: integer("step"),
    /** What its receivers are told, as it was then. */
    body: jsonb("body").$type<Readonly<Record<string, unknown>>>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("notices_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    unique("notices_once").on(t.tenantId, t.credentialId, t.endsAt, t.step),
    index("notices_oldest").on(t.createdAt),
    foreignKey({
      name: "notices_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    check("notices_test", sql`num_nonnulls(${t.credentialId}, ${t.endsAt}, ${t.step}) in (0, 3)`),
  ],
);

/** One notice on its way to one receiver. */
export const noticeDeliveries = pgTable(
  "notice_deliveries",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    noticeId: text("notice_id").notNull(),
    /** The webhook's or the member's id. */
    receiver: text("receiver").notNull(),
    webhookId: text("webhook_id"),
    memberId: text("member_id"),
    createdAt: createdAt(),
    attempts: integer("attempts").notNull().default(0),
    lastTriedAt: instant("last_tried_at"),
    /** When it is tried next; null once it was delivered, or given up. */
    dueAt: instant("due_at"),
    deliveredAt: instant("delivered_at"),
    /** What went wrong last. */
    problem: text("problem"),
    /** The status that the receiver answered last. */
    status: integer("status"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.noticeId, t.receiver] }),
    index("notice_deliveries_due").on(t.dueAt).where(sql`${t.dueAt} is not null`),
    index("notice_deliveries_by_webhook").on(t.tenantId, t.webhookId, t.createdAt),
    index("notice_deliveries_by_member").on(t.tenantId, t.memberId).where(sql`${t.memberId} is not null`),
    index("notice_deliveries_unmailed")
      .on(t.tenantId, t.workspaceId, t.createdAt)
      .where(sql`${t.memberId} is not null and ${t.problem} is not null`),
    foreignKey({
      name: "notice_deliveries_notice",
      columns: [t.tenantId, t.workspaceId, t.noticeId],
      foreignColumns: [notices.tenantId, notices.workspaceId, notices.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "notice_deliveries_webhook",
      columns: [t.tenantId, t.workspaceId, t.webhookId],
      foreignColumns: [webhooks.tenantId, webhooks.workspaceId, webhooks.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "notice_deliveries_member",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    check("notice_deliveries_receiver", sql`${t.receiver} = coalesce(${t.webhookId}, ${t.memberId})`),
    check("notice_deliveries_one_receiver", sql`num_nonnulls(${t.webhookId}, ${t.memberId}) = 1`),
  ],
);
