import { clients } from "@mintmark/db/schema";
import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { idPrefixes, nounOf } from "../id.ts";
import { livingRows, targetOf } from "../living-row.ts";
import { emptyPage, type Page, type PageRequest, pageSorted, sorted } from "../paging.ts";
import { clientCertificate } from "./client-certificate.ts";
import { clientKey } from "./client-key.ts";
import { clientSecret } from "./client-secret.ts";
import type { Credential, CredentialKind, CredentialTable } from "./credential.ts";
import { federatedCredential } from "./federated-credential.ts";

/** Every kind of credential that a client may have: a new kind is a file of its own, and a line here. */
const kinds = [clientSecret, clientKey, clientCertificate, federatedCredential] as const;

export type CredentialNoun = "clientSecret" | "clientKey" | "clientCertificate" | "federatedCredential";

const columnsOf = (table: CredentialTable) => ({
  tenantId: table.tenantId,
  workspaceId: table.workspaceId,
  clientId: table.clientId,
  id: table.id,
  createdAt: table.createdAt,
  expiresAt: table.expiresAt,
  revokedAt: table.revokedAt,
  lastUsedAt: table.lastUsedAt,
});

/** The credentials of all kinds as one table, with what all have. PostgreSQL takes conditions on it down to each. */
export function everyCredential({ tx }: Pick<Reader, "tx">) {
  const of = ({ table }: { readonly table: CredentialTable }) => tx.select(columnsOf(table)).from(table);
  return unionAll(of(clientSecret), of(clientKey), of(clientCertificate), of(federatedCredential)).as("credentials");
}

/** What a list of credentials may be narrowed to. */
export interface CredentialFilter {
  readonly kind?: CredentialNoun | undefined;
  readonly isRevoked?: boolean | undefined;
}

/** Those credentials, loaded kind by kind, in the order of the ids. They must be visible. */
export async function loadCredentials(read: Reader, ids: readonly string[]): Promise<readonly Credential[]> {
  const load = async ({ noun, table, of }: CredentialKind<never, Credential>) => {
    const own = ids.filter((id) => nounOf(id) === noun);
    if (own.length === 0) return [];
    const rows = await read.tx
      .select()
      .from(table)
      .where(and(eq(table.tenantId, read.tenantId), inArray(table.id, own)));
    return rows.map((row) => of(row as never));
  };
  const all: Credential[] = [];
  for (const kind of kinds) all.push(...(await load(kind)));
  const byId = new Map(all.map((one) => [one.id, one]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** A client's credentials of every kind, those that live longest first, hence the ended ones last; empty where they may not be seen. */
export async function listCredentials(
  actor: Actor,
  clientId: string,
  page: PageRequest,
  { kind, isRevoked }: CredentialFilter = {},
): Promise<Page<Credential>> {
  const read = readerOf(actor);
  const all = everyCredential(read);
  const end = sql`coalesce(least(${all.revokedAt}, ${all.expiresAt}), '9999-01-01Z')`;
  const cut = sorted({ column: end, kind: "instant" }, all.id as never, "descending", page);
  const [client] = await livingRows(read, clients, [clientId]);
  if (!client || !mayRead(actor, "client-secret:read", targetOf(client))) return emptyPage;
  const rows = await read.tx
    .select({ id: all.id, key: cut.key })
    .from(all)
    .where(
      and(
        eq(all.tenantId, read.tenantId),
        eq(all.clientId, clientId),
        kind && sql`starts_with(${all.id}, ${`${idPrefixes[kind]}_`})`,
        isRevoked === undefined ? undefined : isRevoked ? isNotNull(all.revokedAt) : isNull(all.revokedAt),
        cut.after,
      ),
    )
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const listed = rows.map(({ id, key }) => ({ item: id, key, id }));
  const found = pageSorted(listed, cut);
  return { ...found, items: await loadCredentials(read, found.items) };
}
