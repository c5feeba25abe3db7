import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { renderFailure } from "@mintmark/token-issuer";
import { Hono } from "hono";
import type { Administration } from "./administration.ts";
import type { ConsoleFiles } from "./console-files.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { RequestContext } from "./request-context.ts";

/** What the server's own routes lead to. */
export interface OwnRoutes {
  /** Opens it at the first call. */
  readonly administration: () => Promise<Administration>;
  readonly consoleFiles: ConsoleFiles;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Why no requests should be sent here, or `undefined`. */
  readonly notReady: () => string | undefined;
}

interface Env {
  readonly Bindings: HttpBindings;
}

const healthPaths = ["/livez", "/readyz", "/metrics"];
const exactPaths: ReadonlySet<string> = new Set(["/", "/graphql", "/console", ...healthPaths]);
/** What names an export; any other is nobody's. */
const exportPath = /^\/exports\/exp_[0-9A-Za-z]{14}$/;
/** What names an import, and its report. */
const importPath = /^\/imports\/imp_[0-9A-Za-z]{14}(?:\/report)?$/;
const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** Exact as sent: `/x/../metrics` or `/%6detrics` would walk past a proxy's rule for `/metrics`. */
export const isOwnPath = (path: string): boolean =>
  exactPaths.has(path) ||
  exportPath.test(path) ||
  importPath.test(path) ||
  (path.startsWith("/console/") && !dotSegment.test(path));

/** Everything that is not an issuer's: GraphQL, the console and people's sign-in, health and metrics. */
export function ownRoutes({ administration, consoleFiles, metrics, log, notReady }: OwnRoutes) {
  const contexts = new WeakMap<IncomingMessage, RequestContext>();
  const app = new Hono<Env>();
  const contextOf = (env: HttpBindings): RequestContext => {
    const context = contexts.get(env.incoming);
    if (!context) throw new Error("a request came in past the route table");
    return context;
  };
  const refused = (status: number, env: HttpBindings) => {
    const { correlationId } = contextOf(env);
    const { body, headers } = renderFailure(
      { reason: status === 404 ? "unknown_path" : "unexpected_error" },
      { correlationId },
    );
    return new Response(body ?? null, { status, headers });
  };
  const onlyGet = new Response(null, { status: 405, headers: { Allow: "GET, HEAD" } });

  app.all("/graphql", async (c) => (await administration()).graphql(c.env.incoming, contextOf(c.env)));
  app.get("/exports/:id", async (c) =>
    (await administration()).logDownload(c.env.incoming, contextOf(c.env), c.req.param("id")),
  );
  app.all("/exports/*", () => onlyGet.clone());
  app.put("/imports/:id", async (c) =>
    (await administration()).importUpload(c.env.incoming, contextOf(c.env), c.req.param("id")),
  );
  app.get("/imports/:id/report", async (c) =>
    (await administration()).importReport(c.env.incoming, contextOf(c.env), c.req.param("id")),
  );
  app.all("/imports/:id", () => new Response(null, { status: 405, headers: { Allow: "PUT" } }));
  app.all("/imports/*", () => onlyGet.clone());
  app.all("/console/auth/*", async (c) => {
    const { signIn } = await administration();
    return signIn.answer(c.env.incoming, contextOf(c.env), c.req.path.slice("/console/auth".length));
  });
  app.get("/", (c) => c.redirect("/console/"));
  app.get("/console", (c) => c.redirect("/console/"));
  app.get("/console/*", (c) =>
    consoleFiles(c.req.path.slice("/console/".length), {
      encodings: c.req.header("accept-encoding"),
      cookies: c.req.header("cookie"),
    }),
  );
  app.get("/livez", (c) => c.json({ status: "live" }));
  app.get("/readyz", async (c) => {
    const reason = notReady();
    return reason === undefined ? c.json({ status: "ready" }) : c.json({ status: "not ready", reason }, 503);
  });
  app.get("/metrics", async (c) => c.body(await metrics.print(), 200, { "Content-Type": metrics.contentType }));
  for (const path of healthPaths) app.all(path, () => onlyGet.clone());
  app.notFound((c) => refused(404, c.env));
  app.onError((error, c) => {
    log.error({ correlationId: contextOf(c.env).correlationId, err: error }, "unexpected error");
    return refused(500, c.env);
  });
  return {
    fetch: (request: Request, env: unknown) => app.fetch(request, env as HttpBindings),
    /** Hands a request's context to its route. */
    remember: (request: IncomingMessage, context: RequestContext) => contexts.set(request, context),
  };
}
