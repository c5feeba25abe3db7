import type { IncomingMessage } from "node:http";
import { ReadableStream } from "node:stream/web";
import { type Actor, exportPages, findLogExport, linesOf, mediaTypes, noteExport } from "@mintmark/domain";
import { isFailure } from "@mintmark/token-issuer";
import { databaseAway, problem, tenantOf, unauthenticated } from "./graphql/front.ts";
import { actorOf, callerOf, type Gate, isTurned, stillCallerOf } from "./principal.ts";
import type { RequestContext } from "./request-context.ts";

/** `GET /exports/{id}`: a log as a file, for whoever asked for it. */
export type LogDownload = (incoming: IncomingMessage, context: RequestContext, id: string) => Promise<Response>;

/**
 * Sends a log that was asked for by `createLogExport`, page by page as it is read: it rests nowhere, and whoever loses
 * the power to see it meanwhile gets a broken file, never one that looks whole.
 */
export function logDownload(gate: Gate): LogDownload {
  return async (incoming, context, id) => {
    const tenant = tenantOf(incoming);
    if (tenant === "several") return problem(context, 400, "BAD_REQUEST", "The address names more than one tenant.");
    const target = { method: "GET", path: `/exports/${id}` } as const;
    const principal = await callerOf(gate, context, tenant, target).catch(databaseAway);
    if (isTurned(principal)) return problem(context, principal.status, principal.code, principal.message);
    if (isFailure(principal)) return unauthenticated(gate, context, principal, tenant);
    if (principal.kind === "anonymous") return unauthenticated(gate, context, { reason: "no_credential" }, tenant);
    const order = await findLogExport(actorOf(gate, context, principal), id).catch(databaseAway);
    if (order && isFailure(order)) return unauthenticated(gate, context, order, tenant);
    if (!order)
      return problem(
        context,
        404,
        "NOT_FOUND",
        "There is no such export that is yours. Ask for it by createLogExport.",
      );
    const actorNow = async () => {
      const caller = await stillCallerOf(gate, context, tenant);
      return typeof caller === "string" ? undefined : actorOf(gate, context, caller);
    };
    const day = order.createdAt.toISOString().slice(0, 10);
    const bytes = ReadableStream.from(bytesOf(gate, order, actorNow));
    return new Response(bytes as BodyInit, {
      headers: {
        "Content-Type": mediaTypes[order.format],
        "Content-Disposition": `attachment; filename="${order.log}-${day}.${order.format}"`,
        "Cache-Control": "no-store",
      },
    });
  };
}

type Order = NonNullable<Awaited<ReturnType<typeof findLogExport>>>;

async function* bytesOf({ installation }: Gate, order: Order, actorNow: () => Promise<Actor | undefined>) {
  const encoder = new TextEncoder();
  let sent = 0;
  await noteExport(installation, order, sent, false);
  for await (const rows of exportPages(actorNow, order)) {
    yield encoder.encode(linesOf(order.format, rows, sent === 0));
    sent += rows.length;
    await noteExport(installation, order, sent, false);
  }
  await noteExport(installation, order, sent, true);
}
