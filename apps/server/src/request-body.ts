import type { IncomingMessage, ServerResponse } from "node:http";

/** The caller went away before its body was complete. */
export class RequestAborted extends Error {
  override readonly name = "RequestAborted";
}

/** Time for a request to come whole, in milliseconds: a large file over an ordinary uplink takes minutes. */
export const LONGEST_BODY_MS = 660_000;
/** The same for every request that `readLongBody` does not read, its body wanted or not. */
const BODY_MS = 30_000;

const long = new WeakSet<IncomingMessage>();
/** Answers to requests whose heads came in this turn of the event loop. */
let begun: ServerResponse[] = [];

/** Ends a request with 408 that has not come whole after half a minute. Call it as soon as its head is there. */
export function endIfSlow(response: ServerResponse): void {
  // What came in one piece with its head is whole by then, and costs no timer: so come nearly all.
  if (begun.push(response) === 1) setImmediate(limitBegun);
}

function limitBegun(): void {
  const responses = begun;
  begun = [];
  for (const response of responses) if (!response.req.complete && !response.req.destroyed) limitOne(response);
}

function limitOne(response: ServerResponse): void {
  const { req: request } = response;
  const deadline = setTimeout(() => {
    if (!request.complete && !long.has(request)) timeOut(response);
  }, BODY_MS);
  request.once("close", () => clearTimeout(deadline));
}

/** As Node ends one that comes too slowly: the answer that somebody may be at has no say any more. */
function timeOut({ req: { socket }, headersSent }: ServerResponse): void {
  if (!headersSent && socket.writable) socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  socket.destroy();
}

/** As `readBody`, for those who may send for `LONGEST_BODY_MS`: that holds a connection, so know who it is before. */
export function readLongBody(request: IncomingMessage, limit: number): Promise<Uint8Array | "too-large"> {
  long.add(request);
  return readBody(request, limit);
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
