import { request } from "node:https";

/** Milliseconds for the whole answer, and bytes of it. */
const TIME_LIMIT = 5_000;
const SIZE_LIMIT = 256 * 1024;

/** Why a document could not be had; the message is a sentence for the person who gave the address. */
export class DocumentUnavailable extends Error {
  override readonly name = "DocumentUnavailable";
}

/** A fetched JSON document, and for how many seconds its server lets it be kept. */
export interface FetchedDocument {
  readonly json: unknown;
  readonly maxAge: number | undefined;
}

export interface FetchOptions {
  /** PEM of further certification authorities. */
  readonly ca?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Fetches a JSON document over https: no redirect is followed, at most 256 KiB in 5 seconds, no credentials in the
 * address. Where it may lead is decided by the guard at the socket.
 *
 * @throws DocumentUnavailable
 */
export async function fetchDocument(address: string, options: FetchOptions = {}): Promise<FetchedDocument> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:")
    throw new DocumentUnavailable("The address is not https, so nothing is fetched from it.");
  if (url.username !== "" || url.password !== "")
    throw new DocumentUnavailable(
      "The address holds a user name or password, which would be kept in clear. Leave it out.",
    );
  const { text, maxAge } = await get(url, options);
  try {
    return { json: JSON.parse(text), maxAge };
  } catch {
    throw new DocumentUnavailable(`${url.host} answered something that is not JSON.`);
  }
}

function get(url: URL, { ca, signal }: FetchOptions): Promise<{ text: string; maxAge: number | undefined }> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      outgoing.destroy();
      reject(new DocumentUnavailable(reason));
    };
    const outgoing = request(url, {
      agent: false,
      headers: { Accept: "application/json" },
      ...(ca && { ca: [...ca] }),
      ...(signal && { signal }),
    });
    const timer = setTimeout(() => fail(`${url.host} did not answer within ${TIME_LIMIT / 1000} s.`), TIME_LIMIT);
    outgoing.once("close", () => clearTimeout(timer));
    outgoing.once("error", (error: NodeJS.ErrnoException) => fail(sentenceOf(url, error)));
    outgoing.once("response", (response) => {
      const { statusCode = 0 } = response;
      if (statusCode !== 200)
        return fail(
          `${url.host} answered ${statusCode}${statusCode >= 300 && statusCode < 400 ? ", and redirects are not followed" : ""}.`,
        );
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > SIZE_LIMIT) fail(`${url.host} answered more than ${SIZE_LIMIT / 1024} KiB.`);
        else chunks.push(chunk);
      });
      response.once("error", (error: NodeJS.ErrnoException) => fail(sentenceOf(url, error)));
      response.once("end", () => {
        const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(response.headers["cache-control"] ?? "") ?? [];
        resolve({
          text: Buffer.concat(chunks).toString("utf8"),
          maxAge: seconds === undefined ? undefined : Number(seconds),
        });
      });
    });
    outgoing.end();
  });
}

const sentenceOf = (url: URL, error: NodeJS.ErrnoException): string =>
  error.code === "EGRESS_REFUSED" ? error.message : `${url.host} could not be reached (${error.code ?? error.name}).`;
