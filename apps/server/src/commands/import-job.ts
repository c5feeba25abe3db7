import { createHash } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { CommandFailure } from "../shell.ts";

/** What an import was begun with. It goes on with the same alone: else another server would get the file. */
export interface Begun {
  readonly tokenEndpoint: string;
  readonly workspace: string;
  readonly format: string;
  /** SHA-256 of the file, in hex. */
  readonly digest: string;
}

/** What goes on from one run of the command to the next. */
export interface Job extends Begun {
  /** `imp_…` */
  readonly id: string;
  /** The private half of what secrets are sealed to (JWK); none where the file brings keys. */
  readonly privateJwk?: object;
}

/** SHA-256 in hex. */
export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const words: Readonly<Record<keyof Begun, string>> = {
  tokenEndpoint: "server or tenant (--credentials)",
  workspace: "workspace (--workspace)",
  format: "kind of file",
  digest: "content of the file (--file)",
};

/** @throws CommandFailure where a job is to go on with something else than it began with; `path` holds the job */
export function refuseOther(job: Job, now: Begun, path: string): void {
  const other = (Object.keys(words) as (keyof Begun)[]).find((key) => job[key] !== now[key]);
  if (other === undefined) return;
  throw new CommandFailure(
    `The import in ${path} was begun with another ${words[other]}. Run the command as it was begun. ${toBeginAnother(job, path)}`,
  );
}

/** How to leave a job behind of which something may be made: its key is the only one to those secrets. */
export const toBeginAnother = ({ privateJwk }: Job, path: string): string =>
  privateJwk === undefined
    ? `To begin another import, delete ${path}.`
    : `To begin another import, move ${path} elsewhere, and keep it: it holds the only key to the secrets of this one.`;

/** The job of an import's file. @throws CommandFailure where this is none that this account may have written */
function jobIn(text: string, path: string): Job {
  try {
    const job = JSON.parse(text) as Job;
    const all = [job.tokenEndpoint, job.workspace, job.format, job.digest];
    // The id becomes an address.
    if (/^imp_[0-9A-Za-z]{14}$/.test(job.id) && all.every((one) => typeof one === "string")) return job;
  } catch {
    // Said below.
  }
  throw new CommandFailure(`${path} holds no import. Move it elsewhere to begin another one.`);
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Keeps a job until its secrets are saved; it holds the key to them. */
export class JobFile {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  /** @throws CommandFailure where what stands there may not be trusted */
  read(): Job | undefined {
    const opened = this.#open();
    if (opened === undefined) return undefined;
    try {
      const { uid, mode } = fstatSync(opened);
      if (process.getuid && uid !== process.getuid())
        throw new CommandFailure(`${this.path} is another account's. Move it elsewhere, or run this as that account.`);
      if ((mode & 0o077) !== 0)
        throw new CommandFailure(`${this.path} opens secrets, and others may read it. Run: chmod 600 ${this.path}`);
      return jobIn(readFileSync(opened, "utf8"), this.path);
    } finally {
      closeSync(opened);
    }
  }

  #open(): number | undefined {
    try {
      return openSync(this.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      const why = codeOf(error) === "ELOOP" ? "it is a link" : codeOf(error);
      throw new CommandFailure(`${this.path} cannot be read (${why}). Move it elsewhere to begin another import.`);
    }
  }

  /** Writes a new job. @throws CommandFailure where another run began one meanwhile */
  begin(job: Job): void {
    writeOnce(this.path, JSON.stringify(job));
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** @throws CommandFailure where nothing can be written beside `path` */
export function refuseUnwritable(path: string): void {
  const folder = dirname(resolve(path));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new CommandFailure(
      `Nothing can be written into ${folder} (${codeOf(error)}). Make the folder, or name a file in another one.`,
    );
  }
}

/**
 * Writes a file that only this account may read: whole and on the disk, or not at all, and over no other one.
 *
 * @throws CommandFailure where there is one already
 */
export function writeOnce(path: string, text: string): void {
  const draft = `${path}.${process.pid}.part`;
  rmSync(draft, { force: true });
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
    // Unlike renaming, this overwrites nothing.
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw new CommandFailure(`${path} cannot be written (${codeOf(error)}).`);
    throw new CommandFailure(`${path} is there already: another run of this command wrote it. Let that one end first.`);
  } finally {
    rmSync(draft, { force: true });
  }
  const folder = openSync(dirname(resolve(path)), constants.O_RDONLY);
  fsyncSync(folder);
  closeSync(folder);
}
