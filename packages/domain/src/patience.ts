import { StoreUnavailable } from "@mintmark/token-issuer";

/**
 * Waits for the database, but not for ever.
 *
 * @throws StoreUnavailable after that many milliseconds; what was asked may still be done
 */
export async function patient<T>(work: PromiseLike<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable("the database did not answer in time")), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
