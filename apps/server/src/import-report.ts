import type { IncomingMessage } from "node:http";
import { ReadableStream } from "node:stream/web";
import {
  type Actor,
  findImportReport,
  type ImportReport,
  importReportPages,
  linesOf,
  mediaTypes,
} from "@mintmark/domain";
import { isFailure } from "@mintmark/token-issuer";
import { databaseAway, problem, tenantOf, unauthenticated } from "./graphql/front.ts";
import { actorOf, callerOf, type Gate, isTurned, stillCallerOf } from "./principal.ts";
import type { RequestContext } from "./request-context.ts";

/** `GET /imports/{id}/report`: what became of each line, with the sealed secrets. */
export type ImportReportDownload = (
  incoming: IncomingMessage,
  context: RequestContext,
  id: string,
) => Promise<Response>;

/** Sends a report part by part, in the format of its import or the one that `Accept` names; whoever loses the power meanwhile gets a broken file. */
export function importReport(gate: Gate): ImportReportDownload {
  return async (incoming, context, id) => {
    const tenant = tenantOf(incoming);
    if (tenant === "several") return problem(context, 400, "BAD_REQUEST", "The address names more than one tenant.");
    const target = { method: "GET", path: `/imports/${id}/report` } as const;
    const caller = await callerOf(gate, context, tenant, target).catch(databaseAway);
    if (isTurned(caller)) return problem(context, caller.status, caller.code, caller.message);
    if (isFailure(caller)) return unauthenticated(gate, context, caller, tenant);
    if (caller.kind === "anonymous") return unauthenticated(gate, context, { reason: "no_credential" }, tenant);
    const report = await findImportReport(actorOf(gate, context, caller), id).catch(databaseAway);
    if (report && isFailure(report)) return unauthenticated(gate, context, report, tenant);
    if (!report) return problem(context, 404, "NOT_FOUND", "There is no such import whose report you may fetch.");
    const actorNow = async () => {
      const still = await stillCallerOf(gate, context, tenant);
      return typeof still === "string" ? undefined : actorOf(gate, context, still);
    };
    const format = wantedFormat(incoming.headers.accept) ?? report.format;
    return new Response(ReadableStream.from(bytesOf({ ...report, format }, actorNow)) as BodyInit, {
      headers: {
        "Content-Type": mediaTypes[format],
        "Content-Disposition": `attachment; filename="import-${id}.${format}"`,
        "Cache-Control": "no-store",
      },
    });
  };
}

/** The format that a caller names; undefined: the import's own. */
function wantedFormat(accept = ""): ImportReport["format"] | undefined {
  if (accept.includes("application/x-ndjson")) return "ndjson";
  return accept.includes("text/csv") ? "csv" : undefined;
}

async function* bytesOf(report: ImportReport, actorNow: () => Promise<Actor | undefined>) {
  const encoder = new TextEncoder();
  let isFirst = true;
  for await (const rows of importReportPages(actorNow, report)) {
    yield encoder.encode(linesOf(report.format, rows, isFirst));
    isFirst = false;
  }
}
