// biome-ignore lint/style/noRestrictedImports: the guarded door itself
import { request } from "node:https";
import { type DocumentProblem, DocumentUnavailable, type FetchDocument } from "@mintmark/token-issuer";
import { connectionProblem, HEADERS_LIMIT, PATIENCE_MS, trusting } from "./connection.ts";

/** Bytes of a body. */
const LIMIT = 256 * 1024;
const ADDRESS_LIMIT = 2048;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** What a document's server is asked with. */
const asking = { Accept: "application/json, application/*+json", "User-Agent": "mintmark" };

/** A form that is posted to an address, and what proves who posts it. */
export interface PostedForm {
  readonly fields: Readonly<Record<string, string>>;
  /** Of the header `Authorization`. */
  readonly authorization?: string | undefined;
}

/** Gets a JSON object by its https address, or as the answer to a form. @throws DocumentUnavailable */
export type AskDocument = (address: string, form?: PostedForm) => ReturnType<FetchDocument>;

/**
 * The one way to a document at somebody else's address: https only, JSON, no redirects, 5 s and 256 KiB in all. Where the
 * address leads is for the guard at the socket to judge (`guard-sockets.ts`).
 *
 * @param authorities certificates, in PEM, that are trusted besides the usual ones
 */
export const documentFetcher = (authorities: readonly string[] = []): AskDocument => {
  const ca = trusting(authorities);
  return async (address, form) => {
    const url = httpsAddress(address);
    if (!url) throw new DocumentUnavailable(address, "address");
    return parse(address, await read(address, url, ca, form));
  };
};

const headersFor = (form: PostedForm | undefined) => ({
  ...asking,
  ...(form && { "Content-Type": "application/x-www-form-urlencoded" }),
  ...(form?.authorization !== undefined && { Authorization: form.authorization }),
});

/** An address whose spelling hides nothing: printable ASCII, https, no user, no fragment. */
function httpsAddress(address: string): URL | undefined {
  if (address.length > ADDRESS_LIMIT || !/^https:\/\/[\x21-\x7e]+$/.test(address) || !URL.canParse(address))
    return undefined;
  const url = new URL(address);
  return url.username === "" && url.password === "" && !address.includes("#") ? url : undefined;
}

function read(address: string, url: URL, ca: readonly string[] | undefined, form?: PostedForm): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (problem: DocumentProblem, cause?: unknown) => {
      reject(new DocumentUnavailable(address, problem, { cause }));
      asked.destroy();
    };
    const asked = request(url, {
      // A connection of its own: none is kept open by somebody else's leave.
      agent: false,
      method: form ? "POST" : "GET",
      headers: headersFor(form),
      maxHeaderSize: HEADERS_LIMIT,
      ...(ca && { ca: [...ca] }),
    });
    const patience = setTimeout(() => fail("slow"), PATIENCE_MS);
    asked.once("close", () => clearTimeout(patience));
    asked.once("error", (error) => fail(connectionProblem(error), error));
    asked.once("response", (response) => {
      const problem = problemOfHead(response.statusCode ?? 0, response.headers);
      if (problem) return fail(problem);
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > LIMIT) return fail("too_large");
        chunks.push(chunk);
      });
      response.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.once("aborted", () => fail("unreachable"));
      response.once("error", (error) => fail("unreachable", error));
    });
    asked.end(form && new URLSearchParams(form.fields).toString());
  });
}

function problemOfHead(
  status: number,
  { "content-type": type = "", "content-encoding": encoding, "content-length": length }: NodeJS.Dict<string | string[]>,
): DocumentProblem | undefined {
  if (status >= 300 && status < 400) return "redirect";
  if (status !== 200) return "status";
  if (!JSON_TYPE.test(String(type)) || (encoding !== undefined && encoding !== "identity")) return "type";
  return Number(length ?? 0) > LIMIT ? "too_large" : undefined;
}

function parse(address: string, text: string): Readonly<Record<string, unknown>> {
  const problem = (cause?: unknown) => new DocumentUnavailable(address, "json", { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problem(error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw problem();
  return value as Record<string, unknown>;
}
