import { setTimeout as delay } from "node:timers/promises";

/** Where the issuer takes its time from. */
export interface Clock {
  now(): Date;
  /** Resolves after that many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) => delay(milliseconds),
};
