import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type HttpsServer, startHttps } from "./https.ts";

/** A message as it came in. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Somebody's server that takes webhooks. */
export interface WebhookReceiver {
  readonly https: HttpsServer;
  /** What came to that path so far. */
  at(path: string): readonly Received[];
  /** How the next messages to that path are answered, one each; then 204. `hold`: not at all. */
  answer(path: string, ...how: readonly (number | "hold")[]): void;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const planned = new Map<string, (number | "hold")[]>();
  const take = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      received.push({ path, headers: request.headers, body });
      const how = planned.get(path)?.shift() ?? 204;
      if (how !== "hold") response.writeHead(how, { Location: "/elsewhere" }).end();
    });
  };
  return {
    https: await startHttps(take),
    at: (path) => received.filter((one) => one.path === path),
    answer: (path, ...how) => void planned.set(path, [...how]),
  };
}

/**
 * Whether a message is what its sender signed: written from the text of Standard Webhooks, and by nothing of the server.
 *
 * @param secret `whsec_…`, as it was shown
 */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const expected = createHmac("sha256", key).update(content).digest();
  const age = Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"]));
  const signatures = String(headers["webhook-signature"]).split(" ");
  const isOurs = signatures.some((signature) => {
    const [version, value = ""] = signature.split(",");
    const given = Buffer.from(value, "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return key.length === 32 && age < 300 && isOurs;
}
