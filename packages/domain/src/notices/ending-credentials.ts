import type { Database, Transaction } from "@mintmark/db";
import {
  apiTokens,
  clientCertificates,
  clientKeys,
  clientSecrets,
  clients,
  federatedCredentials,
  secretRotations,
  tenants,
  webhooks,
  workspaces,
} from "@mintmark/db/schema";
import { and, asc, eq, exists, gt, isNotNull, isNull, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { DAY_MS, type NoticeStep, noticeSteps } from "./schedule.ts";

/** Every kind of credential that may end. */
const kinds = {
  client_secret: clientSecrets,
  client_key: clientKeys,
  client_certificate: clientCertificates,
  federated_credential: federatedCredentials,
  api_token: apiTokens,
} as const;
export type EndingKind = keyof typeof kinds;
export const endingKinds = Object.keys(kinds) as EndingKind[];

/** A credential that has an end, as a notice tells of it. No part of it is secret. */
export interface EndingCredential {
  readonly tenantId: string;
  readonly tenant: string;
  readonly workspaceId: string;
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly createdAt: Date;
  readonly endsAt: Date;
  /** Null: a personal token. */
  readonly client: { readonly id: string; readonly clientId: string; readonly name: string } | null;
  /** Whose it is: a member's own client, or token; null: the tenant's. */
  readonly ownerMemberId: string | null;
}

/** Where a page goes on. */
export type EndingPlace = Pick<EndingCredential, "endsAt" | "id">;

const PAGE = 500;

/** The end whose step comes at that moment. */
const endWhere = (step: NoticeStep, moment: Date): Date => new Date(moment.getTime() + step * DAY_MS);

/** One of its steps comes in that time. */
const hasStepIn = (expiresAt: (typeof clientSecrets)["expiresAt"], since: Date, until: Date): SQL | undefined =>
  or(...noticeSteps.map((step) => and(gt(expiresAt, endWhere(step, since)), lte(expiresAt, endWhere(step, until)))));

/**
 * Credentials of one kind of which a step comes in that time, a page at a time by their end. They work, or worked until
 * their end: neither revoked nor about to be replaced by a rotation, and their client is active. Where nobody listens
 * nothing is looked for.
 *
 * @param mails whether members hear of them too; personal tokens are told of by mail alone
 */
export async function endingCredentials(
  tx: Database | Transaction,
  kind: EndingKind,
  {
    since,
    now,
    mails,
    after,
  }: { readonly since: Date; readonly now: Date; readonly mails: boolean; readonly after?: EndingPlace | undefined },
): Promise<{ readonly items: readonly EndingCredential[]; readonly next: EndingPlace | undefined }> {
  // They differ in what no notice tells.
  const table = kinds[kind] as unknown as typeof clientSecrets & PgTable;
  const isToken = kind === "api_token";
  const listens = tx
    .select({ one: sql`1` })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.tenantId, table.tenantId),
        eq(webhooks.workspaceId, table.workspaceId),
        eq(webhooks.isActive, true),
      ),
    );
  const goes = tx
    .select({ one: sql`1` })
    .from(secretRotations)
    .where(and(eq(secretRotations.tenantId, table.tenantId), eq(secretRotations.formerId, table.id)));
  const rows = await tx
    .select({
      tenantId: table.tenantId,
      tenant: tenants.slug,
      workspaceId: table.workspaceId,
      workspace: workspaces.slug,
      id: table.id,
      name: table.name,
      hint: table.hint,
      createdAt: table.createdAt,
      endsAt: sql<Date>`${table.expiresAt}`.mapWith(table.expiresAt),
      client: { id: clients.id, clientId: clients.clientId, name: clients.name },
      ownerMemberId: isToken
        ? sql<string | null>`coalesce(${apiTokens.memberId}, ${clients.ownerMemberId})`
        : clients.ownerMemberId,
    })
    .from(table)
    .leftJoin(clients, and(eq(clients.tenantId, table.tenantId), eq(clients.id, table.clientId)))
    .innerJoin(workspaces, and(eq(workspaces.tenantId, table.tenantId), eq(workspaces.id, table.workspaceId)))
    .innerJoin(tenants, eq(tenants.id, table.tenantId))
    .where(
      and(
        isNull(table.revokedAt),
        hasStepIn(table.expiresAt, since, now),
        or(
          and(eq(clients.status, "active"), eq(clients.approval, "approved")),
          mails && isToken ? isNotNull(apiTokens.memberId) : undefined,
        ),
        eq(workspaces.status, "active"),
        eq(tenants.status, "active"),
        mails ? undefined : exists(listens),
        kind === "client_secret" ? notExists(goes) : undefined,
        after && sql`(${table.expiresAt}, ${table.id}) > (${after.endsAt}, ${after.id})`,
      ),
    )
    .orderBy(asc(table.expiresAt), asc(table.id))
    .limit(PAGE);
  return { items: rows, next: rows.length < PAGE ? undefined : rows.at(-1) };
}
