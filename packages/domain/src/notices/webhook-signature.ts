import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** A new secret as its receiver keeps it: `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString("base64");

/**
 * The headers that prove who sent a message, and that it is that one (Standard Webhooks 1.0, symmetric).
 *
 * @param id stays the same when it is sent again
 * @param secrets each signs, so that a receiver may know either
 */
export function signedHeaders(
  { id, body }: { readonly id: string; readonly body: string },
  secrets: readonly string[],
  at: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const sign = (secret: string) =>
    createHmac("sha256", Buffer.from(secret.slice(PREFIX.length), "base64"))
      .update(`${id}.${timestamp}.${body}`)
      .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets.map((secret) => `v1,${sign(secret)}`).join(" "),
  };
}
