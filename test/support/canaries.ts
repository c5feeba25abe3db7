/** Every secret and token that the API showed to this test file: none may ever stand in the server's log. */
const shown = new Set<string>();

/** Remembers a secret, and hands it on. */
export function remember(secret: string): string {
  if (secret !== "") shown.add(secret);
  return secret;
}

/**
 * Throws when the log holds what was shown, in clear or as part of a Basic header.
 * A log without a single request line would prove nothing, and throws as well.
 */
export function refuseLeaks(log: string): void {
  if (!log.includes('"correlationId":"req_')) throw new Error("the log holds no request: nothing was looked through");
  const leaked = [...shown].filter(
    (secret) => log.includes(secret) || basicForms(secret).some((form) => log.includes(form)),
  );
  if (leaked.length > 0) throw new Error(`the log holds ${leaked.length} secrets, such as ${leaked[0]?.slice(0, 8)}…`);
}

/** The secret inside base64, at each of its three offsets, without the letters that its neighbours change. */
const basicForms = (secret: string): string[] =>
  [0, 1, 2].map((offset) =>
    Buffer.from(" ".repeat(offset) + secret)
      .toString("base64")
      .slice(4, -4),
  );
