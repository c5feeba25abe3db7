import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { CommandFailure, type Shell } from "../shell.ts";
import { type ApiCredentials, mutate, type Run, type Session, signIn } from "./graphql-client.ts";
import {
  type Begun,
  digestOf,
  type Job,
  JobFile,
  refuseOther,
  refuseUnwritable,
  toBeginAnother,
  writeOnce,
} from "./import-job.ts";
import { ImportEnded, type Progress, runToEnd, type Sent, sentOf } from "./import-run.ts";
import { openedSecrets, secretsCsv } from "./import-secrets.ts";

export interface ImportOptions {
  readonly credentials?: string;
  readonly workspace?: string;
  readonly file?: string;
  readonly secrets?: string;
}

/** Exit status when some lines were refused: the others are made. */
const SOME_REFUSED = 4;
const LARGEST_FILE = 64 * 1024 * 1024;
/** Refused lines that are told; the report has all. */
const MOST_TOLD = 20;
/** How often the server is asked how far it is, in milliseconds. */
const LOOK = 1000;

const mediaTypes = { CSV: "text/csv", NDJSON: "application/x-ndjson" } as const;
type Format = keyof typeof mediaTypes;

/**
 * `mintmark import`: makes the clients of a file through the GraphQL API of a running server, and saves their secrets.
 * Broken off, the same command goes on where it was: what it needs for that stands in a file of its own until it is done.
 */
export async function importCommand(shell: Shell, options: ImportOptions): Promise<void> {
  const { credentials, workspace, file, secrets } = required(options);
  const access = readCredentials(credentials);
  const format = formatOf(file);
  const bytes = readClients(file);
  if (secrets !== undefined && existsSync(secrets))
    throw new CommandFailure(`${secrets} is there already, and would be overwritten. Name another file, or move it.`);
  const { tokenEndpoint } = access;
  const server = new Connection(() => signIn({ local: new URL(tokenEndpoint).origin }, access));
  const begun = { tokenEndpoint, workspace, format, digest: digestOf(bytes) };
  const kept = new JobFile(`${secrets ?? file}.unfinished`);
  const job = kept.read() ?? (await begin(server, begun, kept, secrets !== undefined));
  refuseOther(job, begun, kept.path);
  const done = await runToEnd(stepsOf(shell, server, job, { bytes, type: mediaTypes[format] })).catch(
    (error: unknown) => {
      if (!(error instanceof ImportEnded)) throw error;
      const mend = error.isUntouched ? `To begin another import, delete ${kept.path}.` : toBeginAnother(job, kept.path);
      throw new CommandFailure(`${error.message} ${mend}`);
    },
  );
  const report = await server.use((session) => fetchReport(session, job));
  if (secrets !== undefined) writeOnce(secrets, secretsCsv(await openedSecrets(report, job)));
  kept.remove();
  const where = secrets === undefined ? "" : ` Their secrets are in ${secrets}, which only this account may read.`;
  shell.print(`${plural(done.made, "client")} made.${where}`);
  if (done.refused > 0) throw new CommandFailure(refusedWords(report, done.refused), SOME_REFUSED);
}

/** A session that is opened anew after anything failed: a token ends, and a server comes back. */
class Connection {
  readonly #open: () => Promise<Session>;
  #session: Session | undefined;
  constructor(open: () => Promise<Session>) {
    this.#open = open;
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      this.#session ??= await this.#open();
      return await work(this.#session);
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }
}

function required({ credentials, workspace, file, secrets }: ImportOptions) {
  if (credentials !== undefined && workspace !== undefined && file !== undefined)
    return { credentials, workspace, file, secrets };
  throw new CommandFailure("An import needs --credentials, --workspace and --file. See: mintmark import --help");
}

function readFrom(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CommandFailure(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). It should be ${what}.`,
    );
  }
}

function readCredentials(path: string): ApiCredentials {
  const what = "what `mintmark bootstrap --json` printed, or JSON with tokenEndpoint, clientId, clientSecret, resource";
  const text = readFrom(path, what).toString("utf8");
  try {
    const { tokenEndpoint, clientId, clientSecret, resource } = JSON.parse(text) as Record<string, unknown>;
    const all = { tokenEndpoint, clientId, clientSecret, resource };
    if (Object.values(all).every((one) => typeof one === "string") && URL.canParse(String(tokenEndpoint)))
      return all as unknown as ApiCredentials;
  } catch {
    // Said below.
  }
  throw new CommandFailure(`${path} holds no credentials. It should be ${what}.`);
}

function formatOf(file: string): Format {
  if (/\.csv$/i.test(file)) return "CSV";
  if (/\.(ndjson|jsonl)$/i.test(file)) return "NDJSON";
  throw new CommandFailure(`What ${file} holds is told by its name. Let it end in .csv, .ndjson or .jsonl.`);
}

function readClients(file: string): Buffer {
  const bytes = readFrom(file, "a list of clients");
  if (bytes.length > LARGEST_FILE)
    throw new CommandFailure(`${file} has more than 64 MiB. Cut it into several, each with an import of its own.`);
  return bytes;
}

/** Begins an import, and keeps it before anything is made. */
async function begin(server: Connection, begun: Begun, kept: JobFile, isSealing: boolean): Promise<Job> {
  refuseUnwritable(kept.path);
  const job = await server.use(({ run }) => create(run, begun, isSealing));
  kept.begin(job);
  return job;
}

async function create(run: Run, begun: Begun, isSealing: boolean): Promise<Job> {
  const { workspace: slug, format } = begun;
  const { workspace } = await run<{ workspace: { id: string } | null }>(
    "query ($slug: Slug!) { workspace(slug: $slug) { id } }",
    { slug },
  );
  if (!workspace) throw new CommandFailure(`There is no workspace ${slug} that this client may see.`);
  const pair = isSealing ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : undefined;
  const input = {
    workspaceId: workspace.id,
    format,
    ...(pair && { sealingKey: JSON.stringify(pair.publicKey.export({ format: "jwk" })) }),
  };
  const made = await mutate<{ import: { id: string } }>(run, "createImport", input, "import { id }");
  return { ...begun, id: made.import.id, ...(pair && { privateJwk: pair.privateKey.export({ format: "jwk" }) }) };
}

const PROGRESS = "query ($id: ID!) { node(id: $id) { ... on Import { state size read made refused problem } } }";

interface Sending {
  readonly bytes: Buffer;
  readonly type: string;
}

const stepsOf = (shell: Shell, server: Connection, { id }: Job, file: Sending): Parameters<typeof runToEnd>[0] => ({
  look: async () => {
    const { node } = await server.use(({ run }) => run<{ node: Progress | null }>(PROGRESS, { id }));
    return node ?? undefined;
  },
  send: () => server.use((session) => send(session, id, file)),
  pause: () => pause(LOOK),
  now: Date.now,
  onProgress({ size, read, made }) {
    const percent = size === 0 ? 0 : Math.floor((read / size) * 100);
    shell.progress(`${made} clients made, ${percent} % of the file read …`);
  },
  onProblem: (problem) => shell.complain(`The server broke it off, and gets the file again. ${problem}`),
});

async function send({ fetchPath }: Session, id: string, { bytes, type }: Sending): Promise<Sent> {
  const body = new Uint8Array(bytes);
  const answer = await fetchPath(`/imports/${id}`, { method: "PUT", headers: { "Content-Type": type }, body });
  const said = (await answer.json().catch(() => ({}))) as { errors?: readonly { readonly message: string }[] };
  // Whose credential is not taken any more signs in anew.
  if (answer.status === 401) throw new CommandFailure(said.errors?.[0]?.message ?? "The credential was not taken.");
  return sentOf(answer.status, said.errors?.[0]?.message ?? `It answered with status ${answer.status}.`);
}

interface ReportLine {
  readonly line: number;
  readonly outcome: "made" | "refused";
  readonly name: string;
  readonly sealedSecret: string | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

async function fetchReport({ fetchPath }: Session, { id }: Job): Promise<readonly ReportLine[]> {
  const answer = await fetchPath(`/imports/${id}/report`, { headers: { Accept: "application/x-ndjson" } });
  const text = answer.status === 200 ? await answer.text().catch(() => undefined) : undefined;
  if (text === undefined)
    throw new CommandFailure(`The report did not come whole (status ${answer.status}). Run the same command again.`);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ReportLine);
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

function refusedWords(report: readonly ReportLine[], count: number): string {
  const refused = report.filter(({ outcome }) => outcome === "refused").slice(0, MOST_TOLD);
  return [
    `${plural(count, "line")} refused.`,
    ...refused.map(({ line, problem, fix }) => `Line ${line}: ${problem ?? ""} ${fix ?? ""}`),
    ...(count > refused.length ? [`And ${count - refused.length} more: see the import's report.`] : []),
    "Put them right, and import them as another file.",
  ].join("\n");
}
