import type { Actor } from "@mintmark/domain";
import type { GraphQLError } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Log } from "../log.ts";
import type { GraphqlContext } from "./builder.ts";
import type { Execute } from "./front.ts";
import { boundSource, documentLimits } from "./limits.ts";
import { topLevelError } from "./outcome.ts";
import { schema } from "./schema.ts";

/** Bounds a document before it is parsed, and what it may repeat before it runs. */
const limits: Plugin = {
  onParse({ params }) {
    boundSource(String(params.source));
  },
  onValidate({ addValidationRule }) {
    addValidationRule(documentLimits);
  },
};

/** Every top-level error is looked at once, where the request's correlation id is known. */
const masking = (log: Log): Plugin<GraphqlContext, GraphqlContext> => {
  const masked = (errors: readonly GraphQLError[], { actor }: GraphqlContext) =>
    errors.map((error) => topLevelError(error, actor.correlationId, log));
  return {
    onExecutionResult({ result, setResult, context }) {
      if (!result || !("errors" in result) || !result.errors) return;
      setResult({ ...result, errors: masked(result.errors, context) });
    },
    onSubscribe: ({ args: { contextValue } }) => ({
      onSubscribeResult: () => ({
        onNext({ result, setResult }) {
          if ("errors" in result && result.errors)
            setResult({ ...result, errors: masked(result.errors, contextValue) });
        },
      }),
    }),
  };
};

const RESPONSE_JSON = "application/graphql-response+json";
const EVENTS = "text/event-stream";

/** What the answer may be. Only a subscription becomes events where the caller takes JSON as well. */
function accepting(accept: string): string {
  const json = accept.includes(RESPONSE_JSON) ? RESPONSE_JSON : "application/json";
  if (!accept.includes(EVENTS)) return json;
  return accept.includes("json") ? `${EVENTS}, ${json}` : EVENTS;
}

/** A subscription for somebody who does not take events. */
function eventsOnly({ correlationId }: Actor): Response {
  const message = `A subscription is answered by events: send Accept: ${EVENTS}.`;
  const extensions = { code: "BAD_REQUEST", correlationId };
  return Response.json({ errors: [{ message, extensions }] }, { status: 406 });
}

/** Runs operations on the schema. The front has refused everything that is not one operation of a signed-in caller. */
export function createExecute(
  log: Log,
  parts: Pick<GraphqlContext, "issuer" | "pulses" | "sendMail" | "streams">,
): Execute {
  const yoga = createYoga<GraphqlContext>({
    schema,
    plugins: [limits, masking(log)],
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    logging: false,
    maskedErrors: false,
    // A document may hold an inline secret: it does not rest in a cache.
    parserAndValidationCache: false,
  });
  return async ({ accept, ...operation }, actor, standing) => {
    const request = new Request("http://localhost/graphql", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: accepting(accept),
      },
      body: JSON.stringify(operation),
    });
    const fetched = await yoga.fetch(request, { actor, standing, ...parts });
    const response = fetched.status === 406 ? eventsOnly(actor) : fetched;
    response.headers.set("Cache-Control", "no-store");
    return response;
  };
}
