/** Every secret and token that the API showed to this test file: none may ever stand in the server's log. */
const shown = new Set<string>();

/** Remembers a secret, and hands it on. */
export function remember(secret: string): string {
  if (secret !== "") shown.add(secret);
  return secret;
}

/** What is shown once has a form of its own: our credentials (prefix, base62), a webhook's secret, the code of a link. */
const FORMS =
  /\bmm[mprst]_[0-9A-Za-z]{40,}|\bwhsec_[0-9A-Za-z+/]{32,}|(?<=\/console\/(?:invite|new-password)\/)[\w-]{20,}/g;

/** What stands in the text and has the form of something that is shown once. */
const onceShownIn = (text: string): ReadonlySet<string> => new Set(text.match(FORMS) ?? []);

/** Hears what a server answers, and notices what was shown once and is shown again. */
export class Answers {
  readonly #shown = new Set<string>();
  readonly #again: string[] = [];

  /** @param sent what was asked with: what its caller brings along is nothing new to them */
  heard(address: string, answer: string, sent = ""): void {
    for (const secret of onceShownIn(answer)) {
      if (this.#shown.has(secret) && !sent.includes(secret)) this.#again.push(`${address}: ${secret.slice(0, 8)}…`);
      this.#shown.add(secret);
    }
  }

  /** Throws when an answer held what another one had shown, or the log what any of them had. */
  refuseRepeats(log: string): void {
    const logged = [...onceShownIn(log)].filter((secret) => this.#shown.has(secret));
    if (logged.length > 0)
      throw new Error(`the log holds ${logged.length} secrets, such as ${logged[0]?.slice(0, 8)}…`);
    if (this.#again.length > 0) throw new Error(`shown once, and answered again:\n${this.#again.join("\n")}`);
  }
}

/** All that was answered to this test file, whoever asked. */
export const answers = new Answers();

/**
 * Throws when the log holds what was shown, in clear or as part of a Basic header, or an answer showed a second time what is
 * shown once. A log without a single request line would prove nothing, and throws as well.
 */
export function refuseLeaks(log: string): void {
  if (!log.includes('"correlationId":"req_')) throw new Error("the log holds no request: nothing was looked through");
  const leaked = [...shown].filter(
    (secret) => log.includes(secret) || basicForms(secret).some((form) => log.includes(form)),
  );
  if (leaked.length > 0) throw new Error(`the log holds ${leaked.length} secrets, such as ${leaked[0]?.slice(0, 8)}…`);
  answers.refuseRepeats(log);
}

/** The secret inside base64, at each of its three offsets, without the letters that its neighbours change. */
const basicForms = (secret: string): string[] =>
  [0, 1, 2].map((offset) =>
    Buffer.from(" ".repeat(offset) + secret)
      .toString("base64")
      .slice(4, -4),
  );
