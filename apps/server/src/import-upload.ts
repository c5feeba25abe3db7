import type { IncomingMessage } from "node:http";
import {
  type Actor,
  describe,
  type ImportFormat,
  LARGEST_FILE,
  openImport,
  Refusal,
  type SendingProblem,
  takeFile,
} from "@mintmark/domain";
import { isFailure } from "@mintmark/token-issuer";
import { databaseAway, problem, tenantOf, unauthenticated } from "./graphql/front.ts";
import type { ImportRuns } from "./import-runs.ts";
import { actorOf, callerOf, type Gate, isTurned, stillCallerOf } from "./principal.ts";
import { ended, RequestAborted, readLongBody } from "./request-body.ts";
import type { RequestContext } from "./request-context.ts";

/** `PUT /imports/{id}`: a file of clients, for an import that was made by `createImport`. */
export type ImportUpload = (incoming: IncomingMessage, context: RequestContext, id: string) => Promise<Response>;

const mediaTypes: Readonly<Record<ImportFormat, readonly string[]>> = {
  csv: ["text/csv"],
  ndjson: ["application/x-ndjson", "application/jsonl"],
};

/**
 * Takes a whole file and answers 202: its clients are made from then on, and `node(id)` says how far that is. It is held
 * in memory alone; after anything broke off, the same file goes on where it was.
 */
export function importUpload(gate: Gate, runs: ImportRuns): ImportUpload {
  return async (incoming, context, id) => {
    const answer = await answered(gate, runs, { incoming, context, id });
    if (!incoming.readableEnded) await ended(incoming.resume());
    return answer;
  };
}

interface Upload {
  readonly incoming: IncomingMessage;
  readonly context: RequestContext;
  readonly id: string;
}

async function answered(gate: Gate, runs: ImportRuns, upload: Upload): Promise<Response> {
  const { incoming, context, id } = upload;
  const told = (status: number, code: string, message: string, headers = {}) =>
    problem(context, status, code, message, headers);
  const tenant = tenantOf(incoming);
  if (tenant === "several") return told(400, "BAD_REQUEST", "The address names more than one tenant.");
  const caller = await callerOf(gate, context, tenant, { method: "PUT", path: `/imports/${id}` }).catch(databaseAway);
  if (isTurned(caller)) return told(caller.status, caller.code, caller.message);
  if (isFailure(caller)) return unauthenticated(gate, context, caller, tenant);
  if (caller.kind === "anonymous") return unauthenticated(gate, context, { reason: "no_credential" }, tenant);
  const open = await orRefusal(openImport(actorOf(gate, context, caller), id)).catch(databaseAway);
  if (isFailure(open)) return unauthenticated(gate, context, open, tenant);
  if (open instanceof Refusal) return told(403, ...sentenceOf(open));
  if ("kind" in open) return told(...answerTo(open));
  const envelope = envelopeProblem(incoming, open.format);
  if (envelope) return told(...envelope);
  const senderNow = async () => {
    const still = await stillCallerOf(gate, context, tenant);
    return typeof still === "string" ? undefined : actorOf(gate, context, still);
  };
  const taken = await runs
    .take(open.tenantId, () => readFile(incoming, id, senderNow), senderNow)
    .catch(brokenOff)
    .catch(databaseAway);
  if (taken === "busy") return told(...busy, { "Retry-After": "10" });
  if (taken === "aborted") return told(400, "BAD_REQUEST", "The file ended early. Nothing of it was done.");
  if (taken === "too-large") return told(...tooLarge);
  if (taken === "signed-out") return unauthenticated(gate, context, { reason: "no_credential" }, tenant);
  if (taken instanceof Refusal) return told(403, ...sentenceOf(taken));
  if (isFailure(taken)) return unauthenticated(gate, context, taken, tenant);
  if ("kind" in taken) return told(...answerTo(taken));
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return new Response(JSON.stringify({ id, state: "RUNNING" }), { status: 202, headers });
}

async function readFile(incoming: IncomingMessage, id: string, senderNow: () => Promise<Actor | undefined>) {
  const bytes = await readLongBody(incoming, LARGEST_FILE);
  if (bytes === "too-large") return bytes;
  // Who sent it slowly must not act with a power that was taken away meanwhile.
  const sender = await senderNow();
  if (!sender) return "signed-out";
  return orRefusal(takeFile(sender, id, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)));
}

type Told = readonly [status: number, code: string, message: string];

const busy: Told = [
  503,
  "UNAVAILABLE",
  "Another import of this tenant goes on here, or several of others. Send the file again when they are done.",
];

const tooLarge: Told = [
  413,
  "BAD_REQUEST",
  `A file has at most ${LARGEST_FILE / 1024 / 1024} MiB. Cut it into several, each with an import of its own.`,
];

/** Why a file is not read at all. */
function envelopeProblem({ headers }: IncomingMessage, format: ImportFormat): Told | undefined {
  const [type = "", ...parameters] = (headers["content-type"] ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const [usual] = mediaTypes[format];
  if (!mediaTypes[format].includes(type))
    return [415, "BAD_REQUEST", `This import takes ${format.toUpperCase()}: send the file as Content-Type: ${usual}.`];
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset))
    return [415, "BAD_REQUEST", "Send the file in UTF-8."];
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity")
    return [415, "BAD_REQUEST", "Send the file without a Content-Encoding."];
  return Number(headers["content-length"] ?? 0) > LARGEST_FILE ? tooLarge : undefined;
}

function answerTo(found: SendingProblem): Told {
  switch (found.kind) {
    case "unknown":
      return [404, "NOT_FOUND", "There is no such import that you may see. Make one by createImport."];
    case "done":
      return [409, "CONFLICT", "This import is done. Make another one by createImport for another file."];
    case "other-file":
      return [
        409,
        "CONFLICT",
        "This is another file than the one whose first lines are done. Send that one, unchanged, or make another import by createImport.",
      ];
    case "no-list":
      return [400, "BAD_REQUEST", found.problem];
  }
}

async function orRefusal<T>(work: Promise<T>): Promise<T | Refusal> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function sentenceOf(refusal: Refusal): readonly [code: string, message: string] {
  const [failure] = refusal.failures;
  if (!failure) throw refusal;
  const { message, fix } = describe(failure);
  return [failure.code, `${message} ${fix}`];
}

function brokenOff(error: unknown): "aborted" {
  if (error instanceof RequestAborted) return "aborted";
  throw error;
}
