const { MINTMARK_PROPERTY_RUNS: runs = "200", MINTMARK_TEST_SEED: seed } = process.env;

/**
 * How a property is tried: by a sample, whose seed `pnpm test` prints and takes, or by 100,000 cases under
 * `pnpm prove parsers`.
 */
export const tried = { numRuns: Number(runs), ...(seed !== undefined && { seed: Number(seed) }) };

/** Milliseconds that no single case may take; they take a thousandth of it. */
const LONG = 1_000;

/** What `read` gives; throws when it threw, or takes as long as only a runaway loop does. */
export function prompt<T>(read: () => T): T {
  const started = performance.now();
  const result = read();
  // The machine may have paused; a loop is as long each time.
  if (performance.now() - started > LONG && [1, 2].every(() => isLong(read)))
    throw new Error(`one case takes longer than ${LONG} ms`);
  return result;
}

/** The same of what answers later. */
export async function promptly<T>(read: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await read();
  for (let again = 0, took = performance.now() - started; took > LONG; again++) {
    if (again === 2) throw new Error(`one case takes longer than ${LONG} ms`);
    const restarted = performance.now();
    await read();
    took = performance.now() - restarted;
  }
  return result;
}

function isLong(read: () => unknown): boolean {
  const started = performance.now();
  read();
  return performance.now() - started > LONG;
}
