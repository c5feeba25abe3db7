import { driverError } from "@mintmark/db";
import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config.ts";

export type Log = Logger;

/** Structured logs, one JSON object a line. What is logged never holds a query string, a header or a body. */
export const createLog = (level: Config["logLevel"], destination: DestinationStream): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: loggable },
      // A second wall: nothing above logs these.
      redact: ["authorization", "*.authorization", "*.Authorization", "*.cookie", "*.client_secret", "*.clientSecret"],
    },
    destination,
  );

/** The driver's own error: the wrapper's message repeats a query's parameters, which may be secret. */
function loggable(error: unknown): Readonly<Record<string, unknown>> {
  const cause = driverError(error);
  if (!cause) return { message: "something that is no Error was thrown", type: typeof error };
  return { type: cause.name, message: cause.message, code: cause.code, stack: cause.stack };
}
