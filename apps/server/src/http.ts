import { constants } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { getRequestListener } from "@hono/node-server";
import {
  BODY_LIMIT,
  type IssuerPath,
  type IssuerResponse,
  renderFailure,
  type TokenIssuer,
} from "@mintmark/token-issuer";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { isOwnPath, type OwnRoutes, ownRoutes } from "./own-routes.ts";
import { ended, endIfSlow, LONGEST_BODY_MS, RequestAborted, readBody } from "./request-body.ts";
import { contextOf, type RequestContext } from "./request-context.ts";

/** What the routes lead to. */
export interface HttpParts extends OwnRoutes {
  readonly config: Pick<Config, "origin" | "trustedProxies" | "mtls">;
  readonly issuer: TokenIssuer;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Hears of a certificate that came in a header from somebody who may not send one. */
  readonly onDroppedCertificate: (at: IssuerPath, context: RequestContext) => void;
}

type EndpointName =
  | "token"
  | "introspect"
  | "revoke"
  | "jwks"
  | "metadata"
  | "verify"
  | "register"
  | "clientConfiguration"
  | "statusList"
  | "resourceMetadata";

/** Below an issuer. */
const issuerRoutes: Readonly<Record<string, EndpointName>> = {
  "oauth2/token": "token",
  "oauth/token": "token",
  "oauth2/introspect": "introspect",
  "oauth2/revoke": "revoke",
  "oauth2/verify": "verify",
  "oauth2/register": "register",
  ".well-known/jwks.json": "jwks",
  ".well-known/oauth-authorization-server": "metadata",
  ".well-known/openid-configuration": "metadata",
};

const SLUG = "([a-z0-9][a-z0-9-]{0,62})";
const appended = new RegExp(`^/${SLUG}/${SLUG}/(.+)$`);
/** RFC 8414 §3.1 puts the well-known part between origin and path. */
const inserted = new RegExp(`^/\\.well-known/(?:oauth-authorization-server|openid-configuration)/${SLUG}/${SLUG}$`);

/** RFC 9728 §3.1, for the product's own APIs. */
const resourceInserted = new RegExp(`^/\\.well-known/oauth-protected-resource/${SLUG}/${SLUG}/api$`);
const statusList = /^oauth2\/status\/(\d{1,9}(?:-\d{1,9})?)$/;
/** RFC 7592 §2. An id of another form is one that nobody has. */
const registeredClient = /^oauth2\/register\/([^/]{1,255})$/;

/** The endpoint of an issuer that a path names: no Host, no decoding, no other case, no trailing slash. */
export function issuerRoute(path: string): { readonly endpoint: EndpointName; readonly at: IssuerPath } | undefined {
  const [, tenant, workspace, rest] = appended.exec(path) ?? inserted.exec(path) ?? [];
  const [, ofTenant, ofWorkspace] = resourceInserted.exec(path) ?? [];
  if (ofTenant !== undefined && ofWorkspace !== undefined)
    return { endpoint: "resourceMetadata", at: { tenant: ofTenant, workspace: ofWorkspace } };
  if (tenant === undefined || workspace === undefined) return undefined;
  const [, list] = statusList.exec(rest ?? "") ?? [];
  if (list !== undefined) return { endpoint: "statusList", at: { tenant, workspace, list } };
  const [, client] = registeredClient.exec(rest ?? "") ?? [];
  if (client !== undefined) return { endpoint: "clientConfiguration", at: { tenant, workspace, client } };
  const endpoint = rest === undefined ? "metadata" : Object.hasOwn(issuerRoutes, rest) ? issuerRoutes[rest] : undefined;
  return endpoint && { endpoint, at: { tenant, workspace } };
}

/** Every route of the server. Issuer endpoints are plain node:http, because they are the busy ones; the rest is Hono. */
export function createHttpServer(parts: HttpParts): Server {
  const server = createServer(timeouts);
  server.on("request", requestListener(parts));
  return server;
}

const timeouts = { keepAliveTimeout: 65_000, headersTimeout: 15_000, requestTimeout: LONGEST_BODY_MS };

/** A server's certificate and its key, in PEM. */
export interface TlsIdentity {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/**
 * The same routes over TLS, for callers that show certificates. Each workspace judges them by itself, so that none is
 * refused here; a session is never resumed, because that would show a certificate without proving its key again.
 */
export function createMtlsServer(parts: HttpParts, identity: TlsIdentity): TlsServer {
  const server = createTlsServer({
    ...timeouts,
    ...identity,
    minVersion: "TLSv1.2",
    requestCert: true,
    rejectUnauthorized: false,
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
  server.on("request", requestListener(parts));
  return server;
}

function requestListener(parts: HttpParts) {
  const own = ownRoutes(parts);
  const listener = getRequestListener((request, env) => own.fetch(request, env), { overrideGlobalObjects: false });
  return (request: IncomingMessage, response: ServerResponse): void => {
    endIfSlow(response);
    const context = contextOf(request, parts.config);
    const [path = "/", query = ""] = splitTarget(request.url ?? "/");
    const route = issuerRoute(path);
    const common = commonHeaders(context, parts.config.origin);
    observe(parts, { request, response, context, path, route: route?.endpoint });
    if (route) {
      serveIssuer(parts, route, { request, response, context, query, common }).catch((error: unknown) =>
        answerError(parts, { response, context, common }, error),
      );
    } else if (isOwnPath(path)) {
      for (const [name, value] of Object.entries(common)) response.setHeader(name, value);
      // Routing never reads Host: a missing or odd one must not make the address unreadable.
      request.headers.host = "localhost";
      request.url = query === "" ? path : `${path}?${query}`;
      own.remember(request, context);
      listener(request, response);
    } else {
      write(response, common, renderFailure({ reason: "unknown_path" }, { correlationId: context.correlationId }));
    }
  };
}

/** Path and raw query; an absolute target (RFC 9112 §3.2.2) counts by its path. */
function splitTarget(target: string): readonly string[] {
  const relative = target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = relative.indexOf("?");
  return mark < 0 ? [relative, ""] : [relative.slice(0, mark), relative.slice(mark + 1)];
}

type Headers = Readonly<Record<string, string>>;

/** Headers of every answer. */
function commonHeaders({ correlationId }: RequestContext, origin: string): Headers {
  const always = { "X-Correlation-Id": correlationId, "X-Content-Type-Options": "nosniff" };
  return origin.startsWith("https:") ? { ...always, "Strict-Transport-Security": "max-age=63072000" } : always;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: RequestContext;
}

async function serveIssuer(
  { issuer, onDroppedCertificate }: HttpParts,
  { endpoint, at }: { readonly endpoint: EndpointName; readonly at: IssuerPath },
  { request, response, context, query, common }: Exchange & { readonly query: string; readonly common: Headers },
): Promise<void> {
  const method = request.method ?? "";
  const body = method === "GET" || method === "HEAD" ? new Uint8Array() : await readBody(request, BODY_LIMIT);
  const answer = await issuer[endpoint](at, { ...context, method, query, body });
  // Names that somebody invented are nobody's, and there is no end of them.
  if (context.droppedCertificate && answer.status !== 404) onDroppedCertificate(at, context);
  // A caller that still sends would lose the answer to a reset connection.
  if (body === "too-large") await ended(request);
  write(response, common, answer);
}

function write(response: ServerResponse, common: Headers, { status, headers, body }: IssuerResponse): void {
  // RFC 9110 §8.6: no length where the answer by GET would have another one.
  const isBare = response.req.method === "HEAD" || status === 204 || status === 304;
  const bytes = body === undefined ? 0 : Buffer.byteLength(body);
  const length = isBare && body === undefined ? {} : { "Content-Length": bytes };
  response.writeHead(status, { ...common, ...headers, ...length });
  if (body === undefined) response.end();
  // Most answers are ASCII, which is sent without being encoded.
  else response.end(body, bytes === body.length ? "latin1" : "utf8");
}
function answerError(
  { log }: HttpParts,
  { response, context: { correlationId }, common }: Omit<Exchange, "request"> & { readonly common: Headers },
  error: unknown,
) {
  if (error instanceof RequestAborted) return response.destroy();
  log.error({ correlationId, err: error }, "unexpected error");
  if (response.headersSent) return response.destroy();
  return write(response, common, renderFailure({ reason: "unexpected_error" }, { correlationId }));
}

/** A path as it is logged: the code in an invitation's address opens an account. */
const loggable = (path: string): string =>
  path.replace(/^(\/console\/(?:invite|new-password)\/).*/, "$1…").slice(0, 256);

/** Routes that machines ask all the time. */
const quietPaths: ReadonlySet<string> = new Set(["/livez", "/readyz", "/metrics"]);

/** A decision of an issuer stands in the token log; a line for each would cost as much as the token. */
const isQuiet = (path: string, route: string | undefined, status: number): boolean =>
  quietPaths.has(path) || (route !== undefined && status < 400);

/** One log line and one measurement a request. The query is left out: somebody may have put a secret there. */
function observe(
  { log, metrics }: HttpParts,
  { request, response, context, path, route }: Exchange & { path: string; route: string | undefined },
): void {
  const start = performance.now();
  response.once("close", () => {
    const milliseconds = performance.now() - start;
    // How long somebody listened is no time that an answer took.
    const isStream = response.getHeader("content-type") === "text/event-stream";
    const own = quietPaths.has(path) || path === "/graphql" ? path.slice(1) : "unknown";
    const known = route ?? (isStream ? "graphql_stream" : own);
    const { correlationId, address } = context;
    // Listeners leave when they have heard enough.
    const status = response.writableFinished || isStream ? response.statusCode : 499;
    metrics.requestEnded(known, status, milliseconds / 1000);
    const level = status >= 500 ? "error" : isQuiet(path, route, status) ? "debug" : "info";
    if (!log.isLevelEnabled(level)) return;
    const line = { correlationId, method: request.method, path: loggable(path), status, address };
    log[level]({ ...line, milliseconds: Math.round(milliseconds * 10) / 10 }, "request");
  });
}
