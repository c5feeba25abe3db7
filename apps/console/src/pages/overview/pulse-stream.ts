import { stringifyDocument } from "urql";
import type { TokenPulseSubscription } from "../../gql/graphql.ts";
import { readEventStream } from "../../server/event-stream.ts";
import { toSignIn } from "../../session/leave.ts";
import { TokenPulseStream } from "./pulse-query.ts";

export type TokenPulse = TokenPulseSubscription["tokenPulse"];

/** `away`: it comes back by itself. `refused`: it does not, since we may not hear it. */
export type StreamState = "connecting" | "live" | "away" | "refused";

/** Milliseconds of silence after which it counts as away: pulses come once a second. */
const SILENCE = 6000;
const [FIRST_WAIT, LONGEST_WAIT] = [1000, 15_000];
/** The errors that no waiting mends. */
const FINAL: ReadonlySet<unknown> = new Set(["FORBIDDEN", "NOT_FOUND", "WORKSPACE_CLOSED", "WRONG_API"]);

const document = stringifyDocument(TokenPulseStream);
const headers = { "Content-Type": "application/json", Accept: "text/event-stream", "X-CSRF": "1" };

interface ExecutionResult {
  readonly data?: TokenPulseSubscription | null;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/**
 * Listens to what a workspace's token endpoint does, and comes back by itself when it is cut off.
 *
 * @returns what ends it
 */
export function listen(
  tenant: string,
  workspaceId: string,
  on: { readonly pulse: (pulse: TokenPulse) => void; readonly state: (state: StreamState) => void },
): () => void {
  const body = JSON.stringify({ query: document, variables: { workspaceId } });
  let wait = FIRST_WAIT;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  let isOver = false;

  const become = (state: StreamState) => {
    if (!isOver) on.state(state);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => become("away"), SILENCE);
  };
  const end = () => {
    isOver = true;
    clearTimeout(silence);
    clearTimeout(again);
    leave();
  };
  const comeBack = () => {
    clearTimeout(silence);
    if (isOver) return;
    become("away");
    // Not all at once: a server that restarts has many listeners.
    again = setTimeout(connect, wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  const refused = (code: unknown) => {
    if (code === "UNAUTHENTICATED") toSignIn();
    if (!FINAL.has(code)) return;
    become("refused");
    end();
  };
  const hear = ({ data, errors }: ExecutionResult) => {
    if (isOver) return;
    if (errors) return refused(errors[0]?.extensions?.["code"]);
    if (!data) return;
    wait = FIRST_WAIT;
    heard();
    become("live");
    on.pulse(data.tokenPulse);
  };
  const connect = () => {
    heard();
    const leaving = new AbortController();
    leave = () => leaving.abort();
    const asked = { method: "POST", headers, body, signal: leaving.signal };
    const ended = readEventStream(`/graphql?tenant=${encodeURIComponent(tenant)}`, asked, ({ event, data }) => {
      if (event === "next") hear(JSON.parse(data) as ExecutionResult);
    });
    void ended.then(({ status }) => {
      if (status === 401) refused("UNAUTHENTICATED");
      comeBack();
    });
  };

  become("connecting");
  connect();
  return end;
}
