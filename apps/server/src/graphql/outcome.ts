import { isDatabaseUnavailable } from "@mintmark/db";
import { type Answer, describe, type Failure, type FailureCode, Refusal, type ShownOnce } from "@mintmark/domain";
import { callerSentence, type Failure as IssuerFailure } from "@mintmark/token-issuer";
import { GraphQLError } from "graphql";
import type { Log } from "../log.ts";
import type { MailOutcome } from "../mail/invitation.ts";
import { documentMessage } from "./document-message.ts";

/** Every failure code with what it means; the GraphQL enum is made from it, and a new code does not compile without. */
export const failureCodes = {
  UNAUTHENTICATED: "Nobody is signed in.",
  FORBIDDEN: "A permission is missing here.",
  WORKSPACE_CLOSED: "The contents of the admin and system workspaces are for owners and those assigned there.",
  WRONG_API: "The token is for the other one of the two APIs.",
  MORE_THAN_HELD: "Nobody grants more than they hold.",
  NOT_FOUND: "There is no such thing, or none that the caller may see.",
  INVALID_INPUT: "A member of the input is missing, malformed or unknown.",
  ALREADY_EXISTS: "Another one has this name already.",
  CHANGED_MEANWHILE: "The thing is no longer as the caller said they had read it.",
  SLUG_RESERVED: "The slug is kept for the product's own addresses.",
  SLUG_RETIRED: "The slug belonged to something that was deleted.",
  TURNED_OFF: "A setting does not let these be made here.",
  LIMIT_REACHED: "A setting allows no more of these.",
  TENANT_LIMIT_REACHED: "The operator of the installation allows the tenant no more of these.",
  PROTECTED: "The thing comes with the product and stays as it is.",
  APPROVAL_NEEDED: "The client was not approved: it holds no credentials and gets no tokens.",
  LAST_OWNER: "The last owner stays.",
  STEP_UP_NEEDED: "A dangerous act of a person who has not proved lately who they are.",
  CODE_INVALID: "A one-time code or link is wrong, was used, or has expired.",
  ALREADY_OWNED: "The server has an owner already.",
  SIGN_IN_FIRST: "There is an account with this e-mail address already.",
  ALREADY_SHOWN: "A repeated call: it was done before, and its secret is not shown again.",
  MUTATION_ID_REUSED: "The clientMutationId was used with another input.",
  TOO_MANY_STREAMS: "The caller, the tenant or the server has as many subscriptions open as it may.",
} as const satisfies Record<FailureCode, string>;

/** An expected failure, as a mutation's payload shows it. */
export interface UserError {
  readonly code: FailureCode;
  readonly message: string;
  /** The member of the input that it is about, from the outside in; empty for the call as a whole. */
  readonly path: readonly string[];
  readonly fix: string;
}

/** What a mutation came to: the changed thing's id, or why there is none. */
export interface Outcome {
  readonly id: string | undefined;
  readonly secret: ShownOnce | undefined;
  /** What became of a mail; left out where none was asked for. */
  readonly mail?: MailOutcome | undefined;
  readonly userErrors: readonly UserError[];
}

function userError(failure: Failure): UserError {
  return { code: failure.code, ...describe(failure), path: "path" in failure ? failure.path : [] };
}

/**
 * Runs a change and turns its refusal into user errors. A repeated call of a mutation that shows a secret answers the
 * same id, no secret, and says so.
 */
export async function outcomeOf(
  change: () => Promise<Answer & Pick<Outcome, "mail">>,
  showsSecret: boolean,
): Promise<Outcome> {
  try {
    const { id, secret, replayed, mail } = await change();
    const shown = replayed && showsSecret ? [userError({ code: "ALREADY_SHOWN" })] : [];
    return { id, secret, mail, userErrors: shown };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id: undefined, secret: undefined, userErrors: error.failures.map(userError) };
  }
}

/** The top-level error for something thrown: a refused read by its code, a database that is away, or a masked one. */
export function topLevelError(thrown: unknown, correlationId: string, log: Log): GraphQLError {
  const cause = causeOf(thrown);
  if (cause instanceof Refusal) return refusedRead(cause, thrown, correlationId);
  // What graphql-js itself says about a document: helpful, and known before anything was changed.
  if (thrown instanceof GraphQLError && cause instanceof GraphQLError)
    return placed(thrown, documentMessage(thrown.message), {
      code: "BAD_REQUEST",
      correlationId,
      http: { status: 400 },
    });
  if (isDatabaseUnavailable(cause)) {
    log.warn({ correlationId, err: cause }, "database away");
    return unavailable(thrown, correlationId);
  }
  log.error({ correlationId, err: cause }, "unexpected error");
  const message = `Something went wrong here. Quote the correlation id ${correlationId} when you report it.`;
  return placed(thrown, message, { code: "INTERNAL", correlationId, http: { status: 500 } });
}

const unavailable = (thrown: unknown, correlationId: string) =>
  placed(
    thrown,
    "The database does not answer now; nothing was changed by this call unless it says so. Try again shortly.",
    {
      code: "UNAVAILABLE",
      correlationId,
      http: { status: 503, headers: { "Retry-After": "5" } },
    },
  );

function refusedRead(refusal: Refusal, thrown: unknown, correlationId: string): GraphQLError {
  const [first, ...others] = refusal.failures.map(userError);
  if (!first) throw refusal;
  const more = others.length > 0 ? { others } : {};
  return placed(thrown, first.message, { code: first.code, fix: first.fix, ...more, correlationId });
}

function causeOf(thrown: unknown): unknown {
  let cause = thrown;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** A new error at the same place of the answer, without the original one: nothing of it may leak. */
function placed(thrown: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, source, positions, path } = thrown instanceof GraphQLError ? thrown : {};
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

/** How the refusal of a credential reads in GraphQL's shape; all of them look alike to the caller. */
export function describeAnonymous(failure: IssuerFailure): { code: string; message: string; fix: string } {
  if (failure.reason === "store_unavailable")
    return { code: "UNAVAILABLE", message: callerSentence(failure), fix: "Try again shortly." };
  const { fix, message } = describe({ code: "UNAUTHENTICATED" });
  const isNobody = failure.reason === "no_credential";
  return { code: "UNAUTHENTICATED", message: isNobody ? message : callerSentence(failure), fix };
}
