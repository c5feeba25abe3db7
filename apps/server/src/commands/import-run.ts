import { CommandFailure } from "../shell.ts";

/** How far the server is, as it says. */
export interface Progress {
  readonly state: "WAITING" | "RUNNING" | "INTERRUPTED" | "DONE";
  readonly size: number;
  readonly read: number;
  readonly made: number;
  readonly refused: number;
  /** Why the last sending ended early. */
  readonly problem: string | null;
}

/** What became of sending the file. */
export type Sent =
  | { readonly kind: "taken" }
  /** Not now; it may be taken if it is sent again. */
  | { readonly kind: "later"; readonly why: string }
  /** Not in the state that the import is in: it may be done by now. */
  | { readonly kind: "look"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

/** What an answer to a sent file means: those of a proxy or of a busy server pass. Pure. */
export function sentOf(status: number, why: string): Sent {
  if (status === 202) return { kind: "taken" };
  if (status === 409) return { kind: "look", why };
  const passes = status === 401 || status === 408 || status === 425 || status === 429 || status >= 500;
  return { kind: passes ? "later" : "refused", why };
}

/** It cannot go on by being tried again. */
export class ImportEnded extends CommandFailure {
  /** Whether the server was seen to have made nothing: then no secret is lost with the key. */
  readonly isUntouched: boolean;
  constructor(message: string, isUntouched: boolean) {
    super(message);
    this.isUntouched = isUntouched;
  }
}

/** The server, and the clock. */
export interface Steps {
  /** `undefined` where the import is not there any more. @throws Error where no answer came */
  look(): Promise<Progress | undefined>;
  /** @throws Error where no answer came */
  send(): Promise<Sent>;
  /** Waits until it is time to look again. */
  pause(): Promise<unknown>;
  /** Milliseconds. */
  now(): number;
  /** Hears of each step forward. */
  onProgress(progress: Progress): void;
  /** Hears why the server broke off. */
  onProblem(problem: string): void;
}

/** How long the server may be away, or stand still, in milliseconds. */
const AWAY = 120_000;

/**
 * Sends the file, again where it was broken off, and waits for its end.
 *
 * @throws ImportEnded where no other run can end it; CommandFailure where one may
 */
export async function runToEnd(steps: Steps): Promise<Progress> {
  let sinceMoved = steps.now();
  let last: Progress | undefined;
  let why = "";
  let sent: Sent | undefined;
  const note = (error: Error): undefined => {
    why = error.message;
  };
  for (;;) {
    const seen = await steps.look().then((progress) => ({ progress }), note);
    if (seen) {
      const { progress } = seen;
      if (!progress) throw new ImportEnded("The import is not there any more: one is kept for some days.", false);
      if (progress.state === "DONE") return progress;
      if (sent?.kind === "look") throw notTaken(sent.why, progress);
      if (!last || progress.read > last.read) {
        sinceMoved = steps.now();
        steps.onProgress(progress);
      }
      if (progress.state === "INTERRUPTED" && progress.problem !== null) {
        const isSame = progress.problem === last?.problem && progress.read === last.read;
        if (isSame && sent?.kind === "taken") throw new CommandFailure(`It was broken off twice. ${progress.problem}`);
        if (!isSame) steps.onProblem(progress.problem);
      }
      // A look in between sees no problem: the one before still counts.
      if (progress.state !== "RUNNING" || progress.read > (last?.read ?? -1)) last = progress;
    }
    if (steps.now() - sinceMoved > AWAY)
      throw new CommandFailure(
        `Nothing moved for two minutes${why && ` (${why})`}. Run the same command again: it goes on where it was.`,
      );
    if (seen?.progress && seen.progress.state !== "RUNNING") {
      const began = steps.now();
      sent = await steps.send().catch(note);
      if (sent?.kind === "refused") throw notTaken(sent.why, seen.progress);
      // Over a slow line that takes minutes, and nothing can move meanwhile.
      if (sent?.kind === "taken") sinceMoved += steps.now() - began;
      else if (sent) why = sent.why;
    }
    await steps.pause();
  }
}

const notTaken = (why: string, { made, read }: Progress): ImportEnded =>
  new ImportEnded(`The server did not take the file. ${why}`, made === 0 && read === 0);
