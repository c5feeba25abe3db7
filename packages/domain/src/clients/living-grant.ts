import { clientGrants } from "@mintmark/db/schema";
import { gt, isNull, or } from "drizzle-orm";

/** Whether a client grant still counts at that instant: one that has ended gives no more than one that was withdrawn. */
export const isGrantedAt = (now: Date) => or(isNull(clientGrants.expiresAt), gt(clientGrants.expiresAt, now));
