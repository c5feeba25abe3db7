import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { claimsOf } from "./snippets.ts";

/** An API of somebody's own that lets in who shows a token for it with that scope (RFC 6750 §3.1, RFC 9068 §4). */
export async function openProtectedApi({
  issuer,
  audience,
  scope,
}: Readonly<Record<"issuer" | "audience" | "scope", string>>) {
  const server = createServer(async (request, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const claims = await claimsOf(token, issuer, audience).catch(() => undefined);
    const scopes = String(claims?.["scope"] ?? "").split(" ");
    response
      .writeHead(claims === undefined ? 401 : scopes.includes(scope) ? 200 : 403)
      .end(String(claims?.["sub"] ?? ""));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    /** The status, and who the API says one is. */
    async call(token: string | undefined): Promise<readonly [status: number, subject: string]> {
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      const answer = await fetch(`http://127.0.0.1:${port}/invoices`, { headers });
      return [answer.status, await answer.text()];
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
