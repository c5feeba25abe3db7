import type { Installation } from "@mintmark/domain";
import type { TokenIssuer } from "@mintmark/token-issuer";
import { createExecute } from "./graphql/execute.ts";
import { type GraphqlEndpoint, graphqlFront } from "./graphql/front.ts";
import type { Log } from "./log.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";

/** What people and automation use: the GraphQL API, and people's sign-in. */
export interface Administration {
  readonly graphql: GraphqlEndpoint;
  readonly signIn: SignIn;
}

/** Opens it. Loaded at its first use: a server that only issues tokens does without its libraries. */
export function openAdministration(installation: Installation, issuer: TokenIssuer, log: Log): Administration {
  const signIn = createSignIn(installation, (error, correlationId) =>
    log.error({ correlationId, err: error }, "unexpected error"),
  );
  return { signIn, graphql: graphqlFront({ installation, issuer, signIn }, createExecute(log), log) };
}
