import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { compactDecrypt } from "jose";
import { CommandFailure, type Shell } from "../shell.ts";
import { type ApiCredentials, mutate, type Run, type Session, signIn } from "./graphql-client.ts";

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
/** How often the server is asked how far it is, and how long it may be away meanwhile, in milliseconds. */
const [LOOK, AWAY] = [1000, 120_000];

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
  const { origin } = new URL(access.tokenEndpoint);
  const server = new Connection(() => signIn({ local: origin }, access));
  const state = new StateFile(`${secrets ?? file}.unfinished`);
  const job =
    state.read() ??
    (await server.use(({ run }) => begin(run, { slug: workspace, format, seals: secrets !== undefined })));
  state.keep(job);
  const done = await runToEnd(shell, server, job, { bytes, type: mediaTypes[format] }).catch((error: unknown) => {
    if (!(error instanceof ImportEnded)) throw error;
    throw new CommandFailure(`${error.message} To begin another import, delete ${state.path}.`);
  });
  const report = await server.use((session) => fetchReport(session, job));
  if (secrets !== undefined) writeFileSync(secrets, await secretsOf(report, job), { mode: 0o600, flag: "wx" });
  state.remove();
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

/** What goes on from one run of the command to the next. */
interface Job {
  readonly id: string;
  readonly path: string;
  readonly reportPath: string;
  /** The private half of what secrets are sealed to (JWK); none where the file brings keys. */
  readonly privateJwk?: object;
}

/** Keeps a job until its secrets are saved; it holds the key to them. */
class StateFile {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  read(): Job | undefined {
    if (!existsSync(this.path)) return undefined;
    if ((statSync(this.path).mode & 0o077) !== 0)
      throw new CommandFailure(`${this.path} opens secrets, and others may read it. Run: chmod 600 ${this.path}`);
    try {
      return JSON.parse(readFileSync(this.path, "utf8")) as Job;
    } catch {
      throw new CommandFailure(`${this.path} was damaged. Delete it to begin another import.`);
    }
  }

  keep(job: Job): void {
    writeFileSync(this.path, JSON.stringify(job), { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.path);
  }
}

async function begin(
  run: Run,
  { slug, format, seals }: { readonly slug: string; readonly format: Format; readonly seals: boolean },
): Promise<Job> {
  const { workspace } = await run<{ workspace: { id: string } | null }>(
    "query ($slug: Slug!) { workspace(slug: $slug) { id } }",
    { slug },
  );
  if (!workspace) throw new CommandFailure(`There is no workspace ${slug} that this client may see.`);
  const pair = seals ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : undefined;
  const input = {
    workspaceId: workspace.id,
    format,
    ...(pair && { sealingKey: JSON.stringify(pair.publicKey.export({ format: "jwk" })) }),
  };
  const made = await mutate<{ import: Omit<Job, "privateJwk"> }>(
    run,
    "createImport",
    input,
    "import { id path reportPath }",
  );
  return { ...made.import, ...(pair && { privateJwk: pair.privateKey.export({ format: "jwk" }) }) };
}

interface Progress {
  readonly state: "WAITING" | "RUNNING" | "INTERRUPTED" | "DONE";
  readonly size: number;
  readonly read: number;
  readonly made: number;
  readonly refused: number;
  readonly problem: string | null;
}

const PROGRESS = "query ($id: ID!) { node(id: $id) { ... on Import { state size read made refused problem } } }";

/** Sends the file, again where it was broken off, and waits for its end. */
async function runToEnd(
  shell: Shell,
  server: Connection,
  job: Job,
  file: { readonly bytes: Buffer; readonly type: string },
): Promise<Progress> {
  let sinceMoved = Date.now();
  let [last, why] = [-1, ""];
  const note = (error: unknown) => {
    if (error instanceof ImportEnded) throw error;
    why = (error as Error).message;
    return undefined;
  };
  for (;;) {
    const progress = await server.use(({ run }) => look(run, job)).catch(note);
    if (progress?.state === "DONE") return progress;
    if (progress && progress.read > last) {
      [last, sinceMoved] = [progress.read, Date.now()];
      const percent = progress.size === 0 ? 0 : Math.floor((progress.read / progress.size) * 100);
      shell.progress(`${progress.made} clients made, ${percent} % of the file read …`);
    }
    if (Date.now() - sinceMoved > AWAY)
      throw new CommandFailure(
        `Nothing moved for two minutes${why && ` (${why})`}. Run the same command again: it goes on where it was.`,
      );
    if (progress && progress.state !== "RUNNING") await server.use((session) => send(session, job, file)).catch(note);
    await pause(LOOK);
  }
}

/** It cannot go on by being tried again. */
class ImportEnded extends CommandFailure {}

async function look(run: Run, { id }: Job): Promise<Progress> {
  const { node } = await run<{ node: Progress | null }>(PROGRESS, { id });
  if (node) return node;
  throw new ImportEnded(`The import ${id} is not there any more: one is kept for some days.`);
}

/** @throws ImportEnded where the file is not taken; another error where it may be later */
async function send(
  { fetchPath }: Session,
  { path }: Job,
  { bytes, type }: { readonly bytes: Buffer; readonly type: string },
): Promise<void> {
  const body = new Uint8Array(bytes);
  const answer = await fetchPath(path, { method: "PUT", headers: { "Content-Type": type }, body });
  if (answer.status === 202) return;
  const said = (await answer.json().catch(() => ({}))) as { errors?: readonly { readonly message: string }[] };
  const message = said.errors?.[0]?.message ?? `status ${answer.status}`;
  if (answer.status === 401 || answer.status === 503) throw new CommandFailure(message);
  throw new ImportEnded(`The server did not take the file. ${message}`);
}

interface ReportLine {
  readonly line: number;
  readonly outcome: "made" | "refused";
  readonly name: string;
  readonly sealedSecret: string | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

async function fetchReport({ fetchPath }: Session, { reportPath }: Job): Promise<readonly ReportLine[]> {
  const answer = await fetchPath(reportPath, { headers: { Accept: "application/x-ndjson" } });
  if (answer.status !== 200)
    throw new CommandFailure(`The report did not come (status ${answer.status}). Run the same command again.`);
  const text = await answer.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ReportLine);
}

/** What a spreadsheet would take for a formula and run. */
const FORMULA = /^[=+\-@\t\r]/;
const cell = (value: string) => `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

async function secretsOf(report: readonly ReportLine[], { privateJwk }: Job): Promise<string> {
  const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: "jwk" });
  const rows: string[] = [];
  for (const { name, sealedSecret } of report) {
    if (sealedSecret === null) continue;
    const { plaintext } = await compactDecrypt(sealedSecret, key);
    const { client_id, client_secret } = JSON.parse(new TextDecoder().decode(plaintext)) as Record<string, string>;
    rows.push([name, client_id ?? "", client_secret ?? ""].map(cell).join(","));
  }
  return ["name,client_id,client_secret", ...rows, ""].join("\r\n");
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
