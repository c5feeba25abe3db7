import { describe, type Failure, type Installation, type PersonContext, Refusal } from "@mintmark/domain";
import type { SendMail } from "../mail/transport.ts";
import type { RequestContext } from "../request-context.ts";
import type { Library, LibraryAnswer, LibraryCall, StoredSession } from "./calls.ts";
import { networkOf } from "./network.ts";
import type { OpenIdClient } from "./open-id.ts";
import type { SignInTries, Tries } from "./tries.ts";

/** What the sign-in routes stand on. */
export interface SignInParts {
  readonly installation: Installation;
  readonly library: Library;
  readonly tries: SignInTries;
  /** Asks the providers of single sign-on. */
  readonly openId: OpenIdClient;
  /** `undefined`: no mail server is configured. */
  readonly sendMail: SendMail | undefined;
  /** Runs beside the answer, so that its time tells nothing; awaited at the end of the process. */
  readonly later: (work: () => Promise<void>) => void;
}

/** One request of a person, as its route sees it. */
export interface Exchange extends SignInParts {
  readonly context: RequestContext;
  /** The body's members; `{}` for GET. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The living session, if there is one. */
  readonly session: StoredSession | undefined;
}

/** The same, of somebody who is signed in. */
export interface SignedInExchange extends Exchange {
  readonly session: StoredSession;
}

/** One thing that is wrong. */
interface Problem {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly path?: readonly string[];
}

/** Ends a route with an error. */
export class SignInRefusal extends Error {
  override readonly name = "SignInRefusal";
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.code);
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }
}

/** What a route answers. */
export interface RouteAnswer {
  readonly status?: 200 | 201 | 204;
  readonly body?: object;
  readonly cookies?: readonly string[];
}

const headersFor = (cookies: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
  const headers = new Headers({ "Cache-Control": "no-store", ...more });
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return headers;
};

export function render({ status, body, cookies }: RouteAnswer): Response {
  const headers = headersFor(cookies);
  if (!body) return new Response(null, { status: status ?? 204, headers });
  headers.set("Content-Type", "application/json");
  return new Response(JSON.stringify(body), { status: status ?? 200, headers });
}

export function renderProblems(
  { correlationId }: RequestContext,
  status: number,
  problems: readonly Problem[],
  headers: Readonly<Record<string, string>> = {},
): Response {
  const errors = problems.map((problem) => ({ ...problem, path: problem.path ?? [] }));
  const all = headersFor([], { "Content-Type": "application/json", ...headers });
  return new Response(JSON.stringify({ errors, correlationId }), { status, headers: all });
}

const statuses: Partial<Record<Failure["code"], number>> = {
  UNAUTHENTICATED: 401,
  STEP_UP_NEEDED: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  ALREADY_OWNED: 409,
  ALREADY_EXISTS: 409,
  SIGN_IN_FIRST: 409,
  SLUG_RETIRED: 409,
};

/** A refusal of the domain, in the shape that the console reads. */
export const renderRefusal = (context: RequestContext, { failures }: Refusal): Response =>
  renderProblems(
    context,
    statuses[failures[0]?.code ?? "INVALID_INPUT"] ?? 400,
    failures.map((failure) => ({
      code: failure.code,
      ...describe(failure),
      path: "path" in failure ? failure.path : [],
    })),
  );

/** Where a person's request came from, for the audit log. */
export const personContext = ({ correlationId, address, headers }: RequestContext): PersonContext => ({
  correlationId,
  address,
  agent: headers.find(([name]) => name.toLowerCase() === "user-agent")?.[1].slice(0, 256),
});

/** @throws SignInRefusal 429 while somebody has to wait */
export function refuseTooMany(
  seconds: number,
  words = (wait: string) => `Too many tries. Wait ${wait} or use a passkey.`,
): void {
  if (seconds === 0) return;
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
  throw new SignInRefusal(
    429,
    { code: "TOO_MANY_TRIES", message: words(wait), fix: `Wait ${wait}.` },
    { "Retry-After": String(seconds) },
  );
}

/** One try of this address at something that is worth guessing, or costly. @throws SignInRefusal 429 */
export function countAddress({ tries, context }: Exchange, counter: "address" | "passkey" | "sso" = "address"): void {
  refuseTooMany(
    tries[counter].take(networkOf(context.address)),
    (wait) => `Too many tries from your network. Wait ${wait}.`,
  );
}

/**
 * Counts a guess before it is judged, so that many at once are not more than many. A right one forgets the wrong ones;
 * one that broke before it was judged does not count.
 *
 * @throws SignInRefusal 429, and what the attempt throws
 */
export async function guess<T>(tries: Tries, key: string, attempt: () => Promise<T>): Promise<T> {
  refuseTooMany(tries.take(key));
  try {
    const answer = await attempt();
    tries.forget(key);
    return answer;
  } catch (error) {
    if (!(error instanceof SignInRefusal)) tries.giveBack(key);
    throw error;
  }
}

/** A text member of the body. @throws Refusal INVALID_INPUT */
export function text({ body }: Exchange, member: string, longest = 1000): string {
  const value = body[member];
  // A NUL is in nothing that anybody has, and the database would choke on it.
  if (typeof value === "string" && value.length > 0 && value.length <= longest && !value.includes("\0")) return value;
  throw new Refusal({
    code: "INVALID_INPUT",
    path: [member],
    problem: `${member} is missing, or is no text of at most ${longest} characters.`,
    mend: `Give ${member}.`,
  });
}

/** Refuses members that the route does not know. @throws Refusal INVALID_INPUT */
export function onlyMembers({ body }: Exchange, ...known: readonly string[]): void {
  const unknown = Object.keys(body).find((member) => !known.includes(member));
  if (unknown === undefined) return;
  const path = [unknown.slice(0, 64)];
  throw new Refusal({
    code: "INVALID_INPUT",
    path,
    problem: `There is no member ${path[0]} here.`,
    mend: "Leave it out.",
  });
}

/** Calls the library; whatever it refuses becomes that problem. @throws SignInRefusal */
export async function must(
  exchange: Exchange,
  call: LibraryCall,
  body: Readonly<Record<string, unknown>>,
  otherwise: { readonly status: number; readonly problem: Problem },
): Promise<LibraryAnswer> {
  const answer = await exchange.library.call(call, exchange.context, body);
  if (answer.status < 300) return answer;
  throw new SignInRefusal(otherwise.status, otherwise.problem);
}
