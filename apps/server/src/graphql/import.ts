import {
  createImport,
  getImport,
  type Import,
  type ImportedRow,
  listImportedRows,
  listImports,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { connectionOf, pageArgs, pageOf, perPage } from "./connection.ts";
import { changed, FailureCodeEnum, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { WorkspaceRef } from "./refs.ts";

registerNode("import", "Import", getImport);

const ImportFormat = builder.enumType("ImportFormat", {
  values: {
    CSV: {
      value: "csv",
      description:
        "RFC 4180. The first line names the columns: name, description, clientId, resource, scopes, accessTokenLifetime, expiresAt, publicKey, jwksUri. Scopes stand with spaces between them.",
    },
    NDJSON: {
      value: "ndjson",
      description:
        "One JSON object a line with name, description, clientId, accessTokenLifetime, grants (a list of resource and scopes), expiresAt, publicKey, jwksUri.",
    },
  } as const,
});

const ImportState = builder.enumType("ImportState", {
  values: {
    WAITING: { value: "waiting", description: "No file was sent yet." },
    RUNNING: { value: "running" },
    INTERRUPTED: {
      value: "interrupted",
      description: "It was broken off. Send the same file again: it goes on where it was, and nothing is made twice.",
    },
    DONE: { value: "done" },
  } as const,
});

const ImportedRowOutcome = builder.enumType("ImportedRowOutcome", {
  values: {
    MADE: { value: "made", description: "Its client was made." },
    REFUSED: { value: "refused", description: "The line says why no client was made of it." },
  } as const,
});

const ImportedRowRef = builder.objectRef<ImportedRow>("ImportedRow");
ImportedRowRef.implement({
  description: "What became of one line of a file. Its sealed secret is in the report alone.",
  ...needs("client:read"),
  fields: (t) => ({
    line: t.exposeInt("line", { description: "Where it begins in the file, counted from 1." }),
    name: t.exposeString("name", { description: "What the line called its client, as far as it could be read." }),
    id: t.expose("clientId", {
      type: "ClientId",
      nullable: true,
      description: "The client that was made; null where the line was refused.",
    }),
    clientId: t.expose("oauthClientId", { type: "OAuthClientId", nullable: true }),
    code: t.field({ type: FailureCodeEnum, nullable: true, resolve: ({ code }) => code as never }),
    problem: t.exposeString("problem", { nullable: true, description: "Why it was refused." }),
    fix: t.exposeString("fix", { nullable: true }),
  }),
});
const ImportedRowConnection = connectionOf("ImportedRow", ImportedRowRef);

const ImportRef = builder.objectRef<Import>("Import");
ImportRef.implement({
  description: "Clients that a file brings: thousands at once, each made exactly once.",
  interfaces: [Node],
  ...needs("client:read"),
  fields: (t) => ({
    format: t.expose("format", { type: ImportFormat }),
    sealsSecrets: t.exposeBoolean("sealsSecrets", {
      description: "A client without a key of its own gets a secret, sealed to the key that the import was made with.",
    }),
    path: t.string({
      description:
        "Where to send the file on this server, by PUT with the same credential: at most 64 MiB, sent within ten minutes, in UTF-8, as text/csv or application/x-ndjson; with a session, `?tenant=` and X-CSRF as here.",
      resolve: ({ id }) => `/imports/${id}`,
    }),
    reportPath: t.string({
      description:
        "Where to fetch what became of each line, by GET, in the format of the import or the one that `Accept` names. Each `sealedSecret` is a JWE of a JSON object with client_id and client_secret.",
      resolve: ({ id }) => `/imports/${id}/report`,
    }),
    state: t.expose("state", { type: ImportState }),
    size: t.exposeInt("size", { description: "Bytes of the file that was sent last." }),
    read: t.exposeInt("read", { description: "Bytes of it that are done." }),
    made: t.exposeInt("made", { description: "Clients that were made." }),
    refused: t.exposeInt("refused", { description: "Lines of which no client was made." }),
    problem: t.exposeString("problem", {
      nullable: true,
      description: "Why the last sending ended before its file did, and what to do.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      description: "Until then the file can be sent, and the report fetched.",
    }),
    finishedAt: t.expose("finishedAt", { type: "DateTime", nullable: true }),
  }),
});

builder.objectFields(ImportRef, (t) => ({
  rows: t.field({
    ...needs("client:read"),
    description: "What became of its lines, in their order.",
    type: ImportedRowConnection,
    args: { ...pageArgs(t.arg), outcome: t.arg({ type: ImportedRowOutcome }) },
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listImportedRows(actor, id, pageOf(args), args.outcome ?? undefined),
  }),
}));

builder.objectFields(WorkspaceRef, (t) => ({
  imports: t.field({
    ...needs("client:read"),
    description: "Its imports of the last week, newest first.",
    type: connectionOf("Import", ImportRef),
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listImports(actor, id, pageOf(args)),
  }),
}));

mutation("createImport", {
  permission: "client:write",
  description:
    "Makes an import, to whose `path` a file of clients is then sent. Needs client-secret:write too, and client-grant:write for what the lines grant.",
  run: createImport,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    format: t.field({ type: ImportFormat, required: true }),
    sealingKey: t.string({
      description:
        "A public JWK as JSON, P-256 (ECDH-ES) or RSA (RSA-OAEP-256): each client without a key of its own gets a secret, which only the holder of the private key reads. Left out: each line brings publicKey or jwksUri.",
    }),
  }),
  payload: changed("import", ImportRef, getImport),
});
