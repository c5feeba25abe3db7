import { customType, text, timestamp } from "drizzle-orm/pg-core";

/** `bytea`, as bytes. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** An instant; microseconds are cut to what JavaScript's Date keeps. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The tenant that owns the row: first in every key of tenant data. */
export const tenantId = () => text("tenant_id").notNull();

/** The workspace that holds the row; with the tenant it is part of every foreign key between rows of a workspace. */
export const workspaceId = () => text("workspace_id").notNull();

export const createdAt = () => instant("created_at").notNull().defaultNow();
