import type { DestinationStream } from "pino";

/** What a command knows of the process it runs in; `command-line.ts` makes the real one. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line on standard output: what the command is for. */
  print(line: string): void;
  /** A line on standard error. */
  complain(line: string): void;
  /** A line about what goes on, only where a person watches. */
  progress(line: string): void;
  /** Where logs go. */
  readonly logs: DestinationStream;
  /** Calls back once: on SIGINT or SIGTERM, or when npm started this and has disappeared. */
  onStop(stop: (reason: string) => void): void;
  /** Calls back with an error that nobody caught; the process ends with status 1 afterwards. */
  onCrash(report: (error: unknown) => void): void;
}

/** A command cannot go on. The message says what happened, why, and what to do; no stack is shown. */
export class CommandFailure extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
  }
}
