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
const masking = (log: Log): Plugin<GraphqlContext, GraphqlContext> => ({
  onExecutionResult({ result, setResult, context }) {
    if (!result || !("errors" in result) || !result.errors) return;
    const { correlationId } = context.actor;
    const masked = result.errors.map((error: GraphQLError) => topLevelError(error, correlationId, log));
    setResult({ ...result, errors: masked });
  },
});

const RESPONSE_JSON = "application/graphql-response+json";

/** Runs operations on the schema. The front has refused everything that is not one operation of a signed-in caller. */
export function createExecute(log: Log): Execute {
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
  return async ({ accept, ...operation }, actor) => {
    const request = new Request("http://localhost/graphql", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: accept.includes(RESPONSE_JSON) ? RESPONSE_JSON : "application/json",
      },
      body: JSON.stringify(operation),
    });
    const response = await yoga.fetch(request, { actor });
    response.headers.set("Cache-Control", "no-store");
    return response;
  };
}
