import { and, gt, isNull, or } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

/** A condition: it works, now or from its beginning on. */
export const isLivingAt = (table: { readonly revokedAt: PgColumn; readonly expiresAt: PgColumn }, now: Date) =>
  and(isNull(table.revokedAt), or(isNull(table.expiresAt), gt(table.expiresAt, now)));
