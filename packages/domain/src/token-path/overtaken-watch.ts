import type { Line } from "../line.ts";
import { type CutOff, revokeOvertaken } from "./overtaken-tokens.ts";

const AGAIN_MS = 1000;
/** A client may have thousands of such tokens. */
const PATIENCE_MS = 10_000;

/** What the watch stands on. */
interface WatchParts {
  readonly line: Line;
  readonly now: () => Date;
  /** Resolves when the row of every token decided so far is in the database or on the disk. */
  readonly written: () => Promise<void>;
  readonly complain: (error: unknown) => void;
}

/**
 * Sees to tokens that this server issued while it had not heard of a cut-off. Heard in time, within two seconds, there
 * are none, since no token was issued in the future. Those whose rows are still on the disk are seen to when they are shipped.
 */
export function overtakenWatch({ line, now, written, complain }: WatchParts) {
  let isStopped = false;
  let last = Promise.resolve();

  const see = async (cutOff: CutOff): Promise<void> => {
    await written();
    // Until it is done: nobody else knows that it is due.
    while (!isStopped) {
      try {
        return await line.ask((database) => revokeOvertaken(database, cutOff, now()), PATIENCE_MS);
      } catch (error) {
        complain(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
      }
    }
  };
  return {
    heard(cutOff: CutOff): void {
      if (now() >= cutOff.notBefore) last = last.then(() => see(cutOff));
    },
    async stop(): Promise<void> {
      isStopped = true;
      await last;
    },
  };
}
