import type { IncomingMessage } from "node:http";

/** The caller went away before its body was complete. */
export class RequestAborted extends Error {
  override readonly name = "RequestAborted";
}

/** Bytes still taken in, and dropped, after a body was too large: an early close would make the caller lose our answer. */
const DRAIN_LIMIT = 4 * 1024 * 1024;

/**
 * Reads a body of at most `limit` bytes. A longer one is `"too-large"`: answer with `Connection: close`.
 *
 * @throws RequestAborted
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | "too-large"> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const aborted = () => {
      // An error for each request that ends well would cost as much as reading it.
      if (!request.readableEnded) reject(new RequestAborted());
    };
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else resolve("too-large");
      if (length > limit + DRAIN_LIMIT) request.destroy();
    });
    request.on("end", () => resolve(length > limit ? "too-large" : whole(chunks)));
    request.on("error", aborted);
    request.on("close", aborted);
    if (Number(request.headers["content-length"] ?? 0) > limit) resolve("too-large");
  });
}

const whole = ([first, ...others]: readonly Buffer[]): Buffer =>
  first && others.length === 0 ? first : Buffer.concat([first ?? Buffer.alloc(0), ...others]);

const LONGEST_DRAIN_MS = 1_000;

/** Waits a moment until a caller has sent what it sends: else it would lose our answer to a reset connection. */
export const ended = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) return resolve();
    const timer = setTimeout(resolve, LONGEST_DRAIN_MS);
    for (const event of ["end", "close"])
      request.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
  });
