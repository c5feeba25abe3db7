import { Agent, request } from "node:http";
import { connect } from "node:net";
import { answers } from "./canaries.ts";

/** An answer as it came over the wire, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The body as a JSON object; throws when it is none. */
  json(): Record<string, unknown>;
}

export interface Sending {
  readonly method?: string;
  /** Pairs in order; a repeated name is sent twice. `Host` is added when absent. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
}

const agent = new Agent({ keepAlive: true });

/** Sends one request exactly as given: nothing is normalised, merged, followed or retried. */
export function send(url: string, { method = "GET", headers = [], body }: Sending = {}): Promise<Answer> {
  const target = new URL(url);
  const pairs = [...headers];
  const has = (name: string) => pairs.some(([given]) => given.toLowerCase() === name);
  if (!has("host")) pairs.unshift(["Host", target.host]);
  if (body !== undefined && !has("content-length")) pairs.push(["Content-Length", String(Buffer.byteLength(body))]);
  return new Promise((resolve, reject) => {
    const path = url.slice(target.origin.length) || "/";
    const outgoing = request(
      { agent, host: target.hostname, port: target.port, path, method, headers: pairs.flat() },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          answers.heard(`${method} ${path}`, text, JSON.stringify(pairs));
          resolve(answerOf(incoming.statusCode ?? 0, incoming.headers, text));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function answerOf(status: number, headers: Answer["headers"], body: string): Answer {
  return { status, headers, body, json: () => JSON.parse(body) as Record<string, unknown> };
}

/** Writes bytes to the server's port and reads until it closes: for requests no HTTP client would send. */
export function sendRaw(origin: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    // A server that refuses early may reset the connection; what it said before counts.
    socket.on("error", (error) => (chunks.length > 0 ? undefined : reject(error)));
    socket.write(bytes);
  });
}

/** Asks again until the answer is as wished; fails with the last one after `seconds`. */
export async function eventually<T>(ask: () => Promise<T>, wished: (answer: T) => boolean, seconds = 10): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (wished(answer)) return answer;
    if (Date.now() > end) throw new Error(`still not so after ${seconds} s: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
