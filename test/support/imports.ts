import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { compactDecrypt } from "jose";
import { remember } from "./canaries.ts";
import type { GraphQL } from "./graphql.ts";
import { type Answer, eventually, send } from "./http.ts";
import { bearer } from "./token.ts";

/** Who imports: by token and by GraphQL. */
export interface Importer {
  readonly token: string;
  readonly graphql: GraphQL;
}

export type Format = "CSV" | "NDJSON";

/** An import as GraphQL tells of it. */
export interface Progress {
  readonly state: "WAITING" | "RUNNING" | "INTERRUPTED" | "DONE";
  readonly size: number;
  readonly read: number;
  readonly made: number;
  readonly refused: number;
  readonly problem: string | null;
}

/** A line of a report. */
export interface ReportLine {
  readonly line: number;
  readonly outcome: "made" | "refused";
  readonly name: string;
  readonly clientId: string | null;
  readonly id: string | null;
  readonly sealedSecret: string | null;
  readonly code: string | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

/** A pair that secrets are sealed to. */
export function sealingPair(): { readonly publicJwk: string; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { publicJwk: JSON.stringify(publicKey.export({ format: "jwk" })), privateKey };
}

/** Makes an import, and answers where its file is sent. */
export async function newImport(
  { graphql }: Pick<Importer, "graphql">,
  workspaceId: string,
  format: Format = "NDJSON",
  sealingKey?: string,
): Promise<{ readonly id: string; readonly path: string; readonly reportPath: string }> {
  const input = { workspaceId, format, ...(sealingKey !== undefined && { sealingKey }) };
  const made = await graphql.must("createImport", input, "import { id path reportPath }");
  return made["import"] as { id: string; path: string; reportPath: string };
}

const mediaTypes = { CSV: "text/csv", NDJSON: "application/x-ndjson" };

/** Sends a file. */
export const sendFile = (
  origin: string,
  { token }: Pick<Importer, "token">,
  { path }: { readonly path: string },
  body: string | Buffer,
  type: string = mediaTypes.NDJSON,
): Promise<Answer> => send(origin + path, { method: "PUT", headers: [bearer(token), ["Content-Type", type]], body });

export const sendCsv = (
  origin: string,
  by: Pick<Importer, "token">,
  to: { readonly path: string },
  body: string | Buffer,
) => sendFile(origin, by, to, body, mediaTypes.CSV);

/** How far an import is; `undefined` where it is not seen. */
export async function progressOf({ graphql }: Pick<Importer, "graphql">, id: string): Promise<Progress | undefined> {
  const document = "query ($id: ID!) { node(id: $id) { ... on Import { state size read made refused problem } } }";
  const { node } = (await graphql.run(document, { id })) as { node: Progress | null };
  return node ?? undefined;
}

/** Waits until nothing goes on in an import any more. */
export const ended = async (by: Pick<Importer, "graphql">, id: string, seconds = 60): Promise<Progress> =>
  (await eventually(
    () => progressOf(by, id),
    (progress) => progress?.state === "DONE" || progress?.state === "INTERRUPTED",
    seconds,
  )) as Progress;

/** The report of an import that was made for NDJSON. */
export async function reportOf(
  origin: string,
  { token }: Pick<Importer, "token">,
  { reportPath }: { readonly reportPath: string },
): Promise<readonly ReportLine[]> {
  const { status, body } = await send(origin + reportPath, { headers: [bearer(token)] });
  if (status !== 200) throw new Error(`no report: ${status} ${body}`);
  return body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ReportLine);
}

/** What a line's secret says, opened by the one who can. */
export async function opened(
  { sealedSecret }: Pick<ReportLine, "sealedSecret">,
  privateKey: KeyObject,
): Promise<{ readonly clientId: string; readonly clientSecret: string }> {
  const { plaintext } = await compactDecrypt(sealedSecret ?? "", privateKey);
  const { client_id, client_secret } = JSON.parse(Buffer.from(plaintext).toString("utf8")) as Record<string, string>;
  return { clientId: client_id ?? "", clientSecret: remember(client_secret ?? "") };
}

/** A file of so many clients, each with a name of its own. */
export const ndjsonOf = (clients: readonly object[]): string =>
  clients.map((client) => `${JSON.stringify(client)}\n`).join("");
