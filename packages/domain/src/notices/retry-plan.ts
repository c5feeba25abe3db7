const MINUTE_MS = 60_000;

/** Minutes between one failed attempt and the next. After the last of them it is given up. */
const WAITS = [1, 5, 30, 120, 360, 1440] as const;

/** Milliseconds until the next attempt, after so many that failed; undefined: it is given up. */
export const waitAfter = (attempts: number): number | undefined => {
  const minutes = WAITS[attempts - 1];
  return minutes && minutes * MINUTE_MS;
};
