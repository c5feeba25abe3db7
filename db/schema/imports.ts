import { bigint, foreignKey, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, createdAt, instant, tenantId, workspaceId } from "./columns.ts";
import { workspaces } from "./tenancy.ts";

/** Clients that a file brings. The file rests nowhere: where its job was broken off, it is sent again and goes on at the mark. */
export const imports = pgTable(
  "imports",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    format: text("format").$type<"csv" | "ndjson">().notNull(),
    /** The public JWK to which secrets are sealed; null: the file brings public keys, and there are no secrets. */
    sealingKey: jsonb("sealing_key").$type<Record<string, unknown>>(),
    /** Names the sending that goes on, and its process; a newer one takes its place. Null: nothing is being sent. */
    sending: text("sending"),
    /** Bytes of the file that was sent last. */
    size: bigint("size", { mode: "number" }).notNull().default(0),
    /** The mark: what stands before it is done. Moved in the transaction of the clients themselves. */
    doneBytes: bigint("done_bytes", { mode: "number" }).notNull().default(0),
    doneLine: integer("done_line").notNull().default(0),
    /** SHA-256 of what stands before the mark: another file does not go on from there. */
    doneDigest: bytes("done_digest"),
    made: integer("made").notNull().default(0),
    refused: integer("refused").notNull().default(0),
    /** Why the last sending ended before its file did. */
    problem: text("problem"),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    startedAt: instant("started_at"),
    movedAt: instant("moved_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("imports_newest").on(t.tenantId, t.workspaceId, t.createdAt, t.id),
    index("imports_expired").on(t.expiresAt),
    foreignKey({
      name: "imports_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

/** What became of each line of an import. */
export const importRows = pgTable(
  "import_rows",
  {
    tenantId: tenantId(),
    importId: text("import_id").notNull(),
    line: integer("line").notNull(),
    /** What the line called its client. */
    name: text("name").notNull(),
    /** The client that was made; null where the line was refused. Not a foreign key: a report outlives its clients. */
    clientId: text("client_id"),
    /** What that client sends as `client_id`. */
    oauthClientId: text("oauth_client_id"),
    /** A JWE that only the holder of the private key reads. */
    sealedSecret: text("sealed_secret"),
    /** Why it was refused. */
    code: text("code"),
    problem: text("problem"),
    fix: text("fix"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.importId, t.line] }),
    foreignKey({
      name: "import_rows_import",
      columns: [t.tenantId, t.importId],
      foreignColumns: [imports.tenantId, imports.id],
    }).onDelete("cascade"),
  ],
);
