import { Agent, request } from "node:https";
import type { Pair } from "./certificates.ts";

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A fetch that shows a certificate, which Node's own cannot: for clients of other people that take one. */
export function certificateFetch({ cert, key }: Pair, authority: string) {
  const agent = new Agent({ keepAlive: false, ca: authority, cert, key });
  return (url: string, { method, headers, body }: Asked): Promise<Response> =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { agent, method, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const had = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
          resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 500, headers: had }));
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body === undefined || body === null ? undefined : String(body));
    });
}
