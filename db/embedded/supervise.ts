import { type Postmaster, type PostmasterSettings, startPostmaster } from "./postmaster.ts";
import { runs } from "./process-identity.ts";

export interface Supervisor {
  /** Stops watching and returns the PostgreSQL that runs now. */
  end(): Promise<Postmaster>;
  /** Stops watching at once: the folder belongs to somebody else now. */
  abandon(): Postmaster;
}

/** Milliseconds between two looks at the process. */
const interval = 500;

/**
 * Restarts PostgreSQL on its port when it ends by itself: full disk, lack of memory, somebody's kill. Not when the
 * folder was lost: a second PostgreSQL on the same files would destroy them.
 */
export function supervise(
  settings: PostmasterSettings,
  first: Postmaster,
  log: (line: string) => void,
  isHeld: () => boolean,
): Supervisor {
  let current = first;
  let restart: Promise<void> | undefined;

  const look = () => {
    if (restart || runs(current.process) || !isHeld()) return;
    log("The embedded database ended by itself; starting it again.");
    restart = startPostmaster(settings, current.port)
      .then((postmaster) => {
        current = postmaster;
        log("The embedded database is back.");
      })
      .catch((error: unknown) => log(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        restart = undefined;
      });
  };
  const timer = setInterval(look, interval).unref();

  return {
    async end() {
      clearInterval(timer);
      await restart;
      return current;
    },
    abandon() {
      clearInterval(timer);
      return current;
    },
  };
}
