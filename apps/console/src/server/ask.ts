import { text } from "../text.ts";
import { noteAnswer } from "./connection.ts";

/** An expected failure of the server, as both of its doors tell it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly path: readonly string[];
}

/** What came back from the sign-in door: the answer, or why not. Never throws. */
export type Answer<Body> =
  | { readonly ok: true; readonly body: Body }
  | {
      readonly ok: false;
      readonly status: number;
      readonly failures: readonly [Failure, ...Failure[]];
      readonly correlationId: string | undefined;
      /** Seconds to wait, after too many tries. */
      readonly retryAfter: number | undefined;
    };

const UNREACHABLE: Failure = {
  code: "UNREACHABLE",
  message: text.error.offline,
  fix: text.error.offlineTodo,
  path: [],
};
const UNKNOWN: Failure = { code: "UNKNOWN", message: text.error.unknown, fix: "", path: [] };

interface Refusal {
  errors?: Failure[];
  correlationId?: string;
}

async function refused(response: Response): Promise<Answer<never>> {
  const body: Refusal = await response.json().catch(() => ({}));
  const [first = UNKNOWN, ...rest] = body.errors ?? [];
  const wait = Number(response.headers.get("Retry-After"));
  return {
    ok: false,
    status: response.status,
    failures: [first, ...rest],
    correlationId: body.correlationId,
    retryAfter: wait > 0 ? wait : undefined,
  };
}

/**
 * The one door for what a session is made of: set-up, sign-in, invitations, one's own account. Everything else is GraphQL.
 * `path` is below `/console/auth/`. Without a body it reads.
 */
export async function ask<Body = null>(path: string, body?: object): Promise<Answer<Body>> {
  try {
    // biome-ignore lint/style/noRestrictedGlobals: this is the door
    const response = await fetch(`/console/auth/${path}`, {
      method: body ? "POST" : "GET",
      credentials: "same-origin",
      cache: "no-store",
      headers: { "X-CSRF": "1", ...(body ? { "Content-Type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    noteAnswer(true);
    if (!response.ok) return await refused(response);
    return { ok: true, body: response.status === 204 ? (null as Body) : ((await response.json()) as Body) };
  } catch {
    noteAnswer(false);
    return { ok: false, status: 0, failures: [UNREACHABLE], correlationId: undefined, retryAfter: undefined };
  }
}

/** Message and fix in one line, for under a field or in a banner. How to correct a member is told to scripts: a person sees it. */
export const sentence = ({ code, message, fix }: Failure): string =>
  code === "INVALID_INPUT" || !fix ? message : `${message} ${fix}`;

/** The failure about this member of the body, or about something in it, as words for under its field. */
export function problemOf(failures: readonly Failure[], member: string): string | undefined {
  const failure = failures.find(({ path }) => path[0] === member);
  return failure && sentence(failure);
}

/** What is wrong with a member before the form is sent, as the server would say it. */
export const wrongHere = (message: string, member: string): Failure => ({
  code: "INVALID_INPUT",
  message,
  fix: "",
  path: [member],
});

/** What is wrong beside these members, as words for the top of a form. */
export const otherProblems = (failures: readonly Failure[], members: readonly string[]): readonly string[] =>
  failures.filter(({ path: [member = ""] }) => !members.includes(member)).map(sentence);
