import type { RequestContext } from "../request-context.ts";

const valuesOf = ({ headers }: RequestContext, name: string): readonly string[] =>
  headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);

/**
 * Why a request with a cookie may come from another site, or `undefined`. Two walls: a header that no form and no
 * foreign script can send without our consent (there is no CORS here), and what the browser itself says of the sender.
 *
 * @param method with POST the browser always names the origin, so there a missing one is refused too
 */
export function crossSiteProblem(context: RequestContext, method: string, origin: string): string | undefined {
  const marks = valuesOf(context, "x-csrf");
  if (marks.length !== 1 || marks[0] !== "1")
    return "A request with a session needs the header X-CSRF: 1, so that no other site can send it.";
  const sites = valuesOf(context, "sec-fetch-site");
  if (sites.some((site) => site !== "same-origin")) return "This request was sent by another site.";
  const origins = valuesOf(context, "origin");
  if (origins.some((given) => given !== origin) || (origins.length === 0 && method !== "GET"))
    return `A request with a session comes from ${origin} itself. Open the console at that address.`;
  return undefined;
}
