/** Why the embedded database cannot be had. The message says what happened and what to do; it holds no secret. */
export type EmbeddedFailureCode =
  | "data-dir-in-use"
  | "data-dir-unusable"
  | "disk-full"
  | "no-binaries"
  | "passwords-lost"
  | "start-failed"
  | "wrong-version";

export class EmbeddedFailure extends Error {
  readonly code: EmbeddedFailureCode;

  constructor(code: EmbeddedFailureCode, message: string) {
    super(message);
    this.name = "EmbeddedFailure";
    this.code = code;
  }
}

const fullDisk = (folder: string) =>
  new EmbeddedFailure("disk-full", `The disk that holds ${folder} is full. Free some space there and start again.`);

const unusable: Record<string, string> = {
  EACCES: "this account may not write there",
  EPERM: "this account may not write there",
  EROFS: "it is read-only",
  EEXIST: "part of the path is not a folder",
  ENOTDIR: "part of the path is not a folder",
  ELOOP: "the path is a circle of links",
};

/** Turns a file system's refusal at `folder` into a sentence; anything unforeseen stays what it was. */
export function fileFailure(folder: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") return fullDisk(folder);
  const reason = unusable[code];
  if (reason === undefined) return error;
  return new EmbeddedFailure(
    "data-dir-unusable",
    `The data folder ${folder} cannot be used: ${reason}. Correct that, or name another folder with DATA_DIR.`,
  );
}

/** Reads PostgreSQL's own last words. */
export function programFailure(program: string, folder: string, said: string): EmbeddedFailure {
  if (/No space left on device|Disk quota exceeded/.test(said)) return fullDisk(folder);
  const lines = said.trim().split("\n").slice(-5).join("\n  ");
  return new EmbeddedFailure(
    "start-failed",
    `${program} of the embedded database failed in ${folder}:\n  ${lines || "(it said nothing)"}\n` +
      "Mend that, or set DATABASE_URL to a PostgreSQL server of your own.",
  );
}
