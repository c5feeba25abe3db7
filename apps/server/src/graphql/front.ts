import type { IncomingMessage } from "node:http";
import { isDatabaseUnavailable } from "@mintmark/db";
import type { Actor, SignedIn } from "@mintmark/domain";
import { type Failure, failureEvidence, isFailure, renderFailure, schemeOf } from "@mintmark/token-issuer";
import type { Log } from "../log.ts";
import { actorOf, callerOf, type Ending, type Gate, isTurned, metadataOf, stillCallerOf } from "../principal.ts";
import { RequestAborted, readBody } from "../request-body.ts";
import type { RequestContext } from "../request-context.ts";
import { isTooDeep } from "./limits.ts";
import { describeAnonymous } from "./outcome.ts";

/** `POST /graphql`, whatever comes in. */
export type GraphqlEndpoint = (incoming: IncomingMessage, context: RequestContext) => Promise<Response>;

/** One GraphQL operation as it may come in: nothing else, and only one. */
interface Operation {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** The caller of a request that lasts: it may lose what it came with. */
export interface Standing {
  /** The session that it came with; `undefined` for machines, and where that has ended. */
  readonly sessionId: () => Promise<string | undefined>;
  /** Who it is by now. @throws Error where nothing can be said */
  readonly principal: () => Promise<SignedIn | Ending>;
}

/** Runs one operation for one caller, who accepts those media types. */
export type Execute = (
  operation: Operation & { readonly accept: string },
  actor: Actor,
  standing: Standing,
) => Promise<Response>;

const GRAPHQL_BODY_LIMIT = 100_000;

/**
 * The front of the GraphQL endpoint, before a document is looked at: POST and JSON only, so that no form of another
 * site can mutate; no encodings, so that 100 kB are 100 kB; one operation; signed-in callers only.
 */
export function graphqlFront(gate: Gate, execute: Execute, log: Log): GraphqlEndpoint {
  return async (incoming, context) => {
    const refusal = refuseEnvelope(incoming, context);
    if (refusal) return refusal;
    // The body first: who sends it slowly must not act with a power that was taken away meanwhile.
    const body = await readBody(incoming, GRAPHQL_BODY_LIMIT).catch(asAborted);
    if (body === "too-large") return tooLarge(context);
    if (body === "aborted") return problem(context, 400, "BAD_REQUEST", "The body ended early.");
    const tenant = tenantOf(incoming);
    if (tenant === "several") return problem(context, 400, "BAD_REQUEST", "The address names more than one tenant.");
    const principal = await callerOf(gate, context, tenant).catch(databaseAway);
    if (isTurned(principal)) return problem(context, principal.status, principal.code, principal.message);
    if (isFailure(principal)) {
      // Told apart here alone: to the caller they look alike.
      const { correlationId } = context;
      log.info({ correlationId, reason: principal.reason, ...failureEvidence(principal) }, "credential refused");
      return unauthenticated(gate, context, principal, tenant);
    }
    if (principal.kind === "anonymous") return unauthenticated(gate, context, { reason: "no_credential" }, tenant);
    const operation = parseOperation(body);
    if (typeof operation === "string") return problem(context, 400, "BAD_REQUEST", operation);
    const { correlationId } = context;
    log.debug({ correlationId, operationName: operation.operationName?.slice(0, 64) }, "graphql operation");
    const accept = incoming.headers.accept ?? "";
    const standing: Standing = {
      sessionId: async () =>
        principal.kind === "member" ? (await gate.signIn.standing(context))?.sessionId : undefined,
      principal: () => stillCallerOf(gate, context, tenant),
    };
    return execute({ ...operation, accept }, actorOf(gate, context, principal), standing);
  };
}

/** Nothing can be said about the caller: 503, never "nobody". */
export function databaseAway(error: unknown): Failure {
  if (!isDatabaseUnavailable(error)) throw error;
  return { reason: "store_unavailable" };
}

/** The tenant that the query names; nothing else there is looked at. */
export function tenantOf({ url = "" }: IncomingMessage): string | undefined {
  const mark = url.indexOf("?");
  const [tenant, ...others] = mark < 0 ? [] : new URLSearchParams(url.slice(mark)).getAll("tenant");
  return others.length > 0 ? "several" : tenant;
}

function asAborted(error: unknown): "aborted" {
  if (error instanceof RequestAborted) return "aborted";
  throw error;
}

function refuseEnvelope({ method, headers }: IncomingMessage, context: RequestContext): Response | undefined {
  if (method !== "POST")
    return problem(context, 405, "BAD_REQUEST", "GraphQL is asked by POST with application/json.", { Allow: "POST" });
  const [type, ...parameters] = (headers["content-type"] ?? "").split(";").map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((part) => part === "" || part === "charset=utf-8" || part === 'charset="utf-8"');
  if (type !== "application/json" || !isUtf8)
    return problem(context, 415, "BAD_REQUEST", "Send the operation as Content-Type: application/json in UTF-8.");
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity")
    return problem(context, 415, "BAD_REQUEST", "Send the operation without a Content-Encoding.");
  return Number(headers["content-length"] ?? 0) > GRAPHQL_BODY_LIMIT ? tooLarge(context) : undefined;
}

const tooLarge = (context: RequestContext): Response =>
  problem(
    context,
    413,
    "BAD_REQUEST",
    `An operation has at most ${GRAPHQL_BODY_LIMIT} bytes; use variables, and several calls.`,
    {
      Connection: "close",
    },
  );

const members: ReadonlySet<string> = new Set(["query", "operationName", "variables", "extensions"]);

/** The operation in a body, or the sentence that says what is wrong with it. */
export function parseOperation(body: Uint8Array): Operation | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return "The body is not JSON in UTF-8.";
  }
  if (Array.isArray(parsed)) return "Send one operation a request; batches are not taken.";
  if (typeof parsed !== "object" || parsed === null) return "The body is no JSON object with a member query.";
  const unknown = Object.keys(parsed).find((name) => !members.has(name));
  if (unknown !== undefined)
    return `There is no request member ${unknown.slice(0, 64)}; use query, operationName and variables.`;
  const { query, operationName, variables } = parsed as Record<string, unknown>;
  if (typeof query !== "string" || query.trim() === "")
    return "The member query is missing: it holds the GraphQL document.";
  if (operationName != null && typeof operationName !== "string") return "The member operationName is no string.";
  if (variables != null && (typeof variables !== "object" || Array.isArray(variables)))
    return "The member variables is no object.";
  if (isTooDeep(variables)) return "The member variables is nested too deeply.";
  return {
    query,
    operationName: operationName ?? undefined,
    variables: (variables as Record<string, unknown> | null | undefined) ?? undefined,
  };
}

/** A GraphQL-shaped answer to a request that never became an operation. */
export function problem(
  { correlationId }: RequestContext,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = JSON.stringify({ errors: [{ message, extensions: { code, correlationId } }] });
  return new Response(body, {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
}

/** 401 as RFC 6750 §3 wants it, or 503 when nothing could be checked, with the reason in GraphQL's shape. */
export function unauthenticated(
  { installation }: Gate,
  context: RequestContext,
  failure: Parameters<typeof renderFailure>[0],
  tenant: string | undefined,
): Response {
  const { correlationId } = context;
  const realm = `${installation.origin}/graphql`;
  const resourceMetadata = metadataOf(installation, context, tenant);
  const { status, headers } = renderFailure(failure, {
    correlationId,
    realm,
    scheme: schemeOf(context),
    resourceMetadata,
  });
  const { code, message, fix } = describeAnonymous(failure);
  const body = JSON.stringify({ errors: [{ message, extensions: { code, fix, correlationId } }] });
  return new Response(body, { status, headers });
}
