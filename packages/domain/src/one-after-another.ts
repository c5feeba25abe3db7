/**
 * Work that many wait for: one run at a time, and each caller gets one that began after its call. Those who come while
 * it runs share the next one.
 *
 * @param pauseMs least time between the starts of two runs
 */
export function oneAfterAnother(work: () => Promise<void>, pauseMs: number): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let beganAt = Number.NEGATIVE_INFINITY;

  const run = async (): Promise<void> => {
    const rest = beganAt + pauseMs - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    beganAt = performance.now();
    // Whoever calls from now on may not have been seen by this run.
    next = undefined;
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    next ??= (running ?? Promise.resolve()).then(run, run);
    return next;
  };
}
