import { clientAuthorities } from "@mintmark/db/schema";
import { type AuthorityProblem, readAuthority } from "@mintmark/token-issuer";
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { refuseUnlessOwner } from "../authority/escalation.ts";
import { type Actor, type Answer, change, mayRead, type Operation, readerOf, refuse } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import { newId } from "../id.ts";
import { id, name } from "../input.ts";
import { found, livingRow, livingWorkspace, locateRow, naming, targetOf } from "../living-row.ts";
import { keepingAnOwner } from "../people/last-owner.ts";
import { locateWorkspace } from "./workspace-row.ts";

/** An authority that a workspace trusts to sign the certificates of its clients, and nobody else's. */
export interface ClientAuthority {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  /** The subject of its certificate, as OpenSSL prints it, in one line. */
  readonly subject: string;
  /** SHA-256 of its certificate in hexadecimal, with colons. */
  readonly fingerprint: string;
  readonly notAfter: Date;
  readonly createdAt: Date;
}

type Row = typeof clientAuthorities.$inferSelect;

const authorityOf = ({ id, workspaceId, name, subject, fingerprint, notAfter, createdAt }: Row): ClientAuthority => ({
  id,
  workspaceId,
  name,
  subject,
  fingerprint,
  notAfter,
  createdAt,
});

const touched = (row: Row, isGone: boolean): Touched => ({
  kind: "clientAuthority",
  id: row.id,
  workspaceId: row.workspaceId,
  body: isGone ? null : { ...authorityOf(row) },
});

const MOST_AUTHORITIES = 20;

const problems: { readonly [P in AuthorityProblem]: readonly [problem: string, mend: string] } = {
  unreadable: ["This is no certificate.", "Send one certificate in PEM: the authority's own."],
  not_ca: ["This certificate may not sign others.", "Send the authority's certificate, not a client's."],
  weak_key: ["This authority's key is too short.", "Use one with RSA of at least 2,048 bits, or a curve of 256."],
  bound: [
    "This authority is bound to certain names or policies, which could not be checked here.",
    "Use an authority of its own for these clients.",
  ],
  expired: ["This certificate has ended.", "Send the authority's new one."],
};

const addInput = z.strictObject({
  workspaceId: id,
  name: name.nullish(),
  certificate: z.string().max(30_000, "A certificate is shorter than 30,000 characters."),
});

const AddClientAuthority: Operation<z.infer<typeof addInput>, "settings:write"> = {
  mutation: "addClientAuthority",
  permission: "settings:write",
  isDangerous: true,
  input: addInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, input) {
    const { tx, tenantId, now } = write;
    const { workspaceId } = input;
    // Whoever holds the authority's key can become each client there that is known by a name.
    const place = await livingWorkspace(write, workspaceId);
    if (place?.kind !== "custom") refuseUnlessOwner(write);
    const x509 = readAuthority(input.certificate, now);
    if (typeof x509 === "string") {
      const [problem, mend] = problems[x509];
      return refuse({ code: "INVALID_INPUT", path: ["certificate"], problem, mend });
    }
    const here = and(eq(clientAuthorities.tenantId, tenantId), eq(clientAuthorities.workspaceId, workspaceId));
    if ((await tx.$count(clientAuthorities, here)) >= MOST_AUTHORITIES)
      refuse({ code: "LIMIT_REACHED", noun: "clientAuthority", limit: MOST_AUTHORITIES });
    const fingerprint = x509.fingerprint256.toLowerCase();
    const exists = {
      code: "ALREADY_EXISTS",
      noun: "clientAuthority",
      path: ["certificate"],
      value: fingerprint,
    } as const;
    const [row] = await naming(
      { client_authorities_certificate: exists },
      tx
        .insert(clientAuthorities)
        .values({
          tenantId,
          workspaceId,
          id: newId("clientAuthority"),
          name: input.name ?? "",
          subject: (x509.subject ?? "").replaceAll("\n", ", "),
          fingerprint,
          pem: x509.toString(),
          notAfter: new Date(x509.validTo),
          createdAt: now,
        })
        .returning(),
    );
    const made = found(row, "clientAuthority", "", ["id"]);
    const event = { type: "client-authority.added", authorityId: made.id, fingerprint } as const;
    return { id: made.id, event, workspaceId, touched: [touched(made, false)] };
  },
};

const removeInput = z.strictObject({ id });

const RemoveClientAuthority: Operation<z.infer<typeof removeInput>, "settings:write"> = {
  mutation: "removeClientAuthority",
  permission: "settings:write",
  input: removeInput,
  locate: (read, input) => locateRow(read, clientAuthorities, "clientAuthority", input.id, ["id"]),
  async run(write, input) {
    const { tx, tenantId } = write;
    const living = await livingRow(write, clientAuthorities, input.id, "lock");
    const row = found(living, "clientAuthority", input.id, ["id"]);
    const isIt = and(eq(clientAuthorities.tenantId, tenantId), eq(clientAuthorities.id, row.id));
    const remove = () => tx.delete(clientAuthorities).where(isIt);
    await (row.kind === "admin" ? keepingAnOwner(write, remove) : remove());
    const event = { type: "client-authority.removed", authorityId: row.id, fingerprint: row.fingerprint } as const;
    return { id: row.id, event, workspaceId: row.workspaceId, touched: [touched(row, true)] };
  },
};

/** Has a workspace trust an authority to sign its clients' certificates (RFC 8705 §2.1). Needs settings:write; in a special workspace, an owner. */
export const addClientAuthority = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, AddClientAuthority, raw);
/** Trusts it no more: certificates that it signed are refused from now on. */
export const removeClientAuthority = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RemoveClientAuthority, raw);

export async function getClientAuthority(actor: Actor, id: string): Promise<ClientAuthority | undefined> {
  const row = await livingRow(readerOf(actor), clientAuthorities, id);
  return row && mayRead(actor, "settings:read", targetOf(row)) ? authorityOf(row) : undefined;
}

/** A workspace's authorities, newest first; `undefined` where they may not be seen. */
export async function listClientAuthorities(
  actor: Actor,
  workspaceId: string,
): Promise<readonly ClientAuthority[] | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "settings:read", workspace)) return undefined;
  const rows = await read.tx
    .select()
    .from(clientAuthorities)
    .where(and(eq(clientAuthorities.tenantId, read.tenantId), eq(clientAuthorities.workspaceId, workspaceId)))
    .orderBy(desc(clientAuthorities.createdAt), desc(clientAuthorities.id));
  return rows.map(authorityOf);
}
