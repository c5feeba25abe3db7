const seed = Number(process.env["MINTMARK_TEST_SEED"] ?? 0);

/**
 * Every second of these cases, by the run's printed seed: what a mistake in one would be, others show too. All of them with
 * `MINTMARK_TEST_WHOLE=1`, as `pnpm prove everything` sets it.
 */
export const inThisRun = <T>(cases: readonly T[]): T[] =>
  cases.filter((_, at) => process.env["MINTMARK_TEST_WHOLE"] === "1" || (at + seed) % 2 === 0);
