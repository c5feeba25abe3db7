// biome-ignore lint/style/noRestrictedImports: the guarded door itself
import { type RequestOptions, request } from "node:https";
import type { Attempt, PostMessage } from "@mintmark/domain";
import { isHttpsAddress } from "@mintmark/token-issuer";
import type { AllowedHost } from "./allowed-hosts.ts";
import { connectionProblem, HEADERS_LIMIT, PATIENCE_MS, trusting } from "./connection.ts";
import { openTo } from "./guard-sockets.ts";

/**
 * The one way to tell somebody else's address something: https only, no redirects, 5 s in all, and of the answer only its
 * status. Where the address leads is for the guard at the socket to judge (`guard-sockets.ts`).
 *
 * @param allowed hosts that are no part of the public internet, and open to messages; those of the process are not
 * @param authorities certificates, in PEM, that are trusted besides the usual ones
 */
export const messagePoster = (allowed: readonly AllowedHost[], authorities: readonly string[]): PostMessage => {
  const way = { ...openTo(allowed), ca: trusting(authorities) };
  return (address, headers, body) =>
    isHttpsAddress(address)
      ? post(new URL(address), { ...headers, "Content-Type": "application/json", "User-Agent": "mintmark" }, body, way)
      : Promise.resolve({ problem: "address" });
};

function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  way: Pick<RequestOptions, "ca">,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const settle = (attempt: Attempt) => {
      resolve(attempt);
      asked.destroy();
    };
    // A connection of its own: none is kept open by somebody else's leave.
    const asked = request(url, {
      agent: false,
      method: "POST",
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      maxHeaderSize: HEADERS_LIMIT,
      ...way,
    });
    const patience = setTimeout(() => settle({ problem: "slow" }), PATIENCE_MS);
    asked.once("close", () => clearTimeout(patience));
    asked.once("error", (error) => settle({ problem: connectionProblem(error) }));
    // A status that comes before the answer's own is none: such answers are not asked for.
    asked.once("response", ({ statusCode = 0 }) => settle(attemptOf(statusCode)));
    asked.end(body);
  });
}

function attemptOf(status: number): Attempt {
  if (status >= 200 && status < 300) return { status };
  return { status, problem: status >= 300 && status < 400 ? "redirect" : "status" };
}
