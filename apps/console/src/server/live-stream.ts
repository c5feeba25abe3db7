import { stringifyDocument, type TypedDocumentNode } from "urql";
import { toSignIn } from "../session/leave.ts";
import { readEventStream } from "./event-stream.ts";

/** `away`: it comes back by itself. `refused`: it does not, since we may not hear it. */
export type StreamState = "connecting" | "live" | "away" | "refused";

/** Milliseconds of silence after which it counts as away: the server tells something once a second. */
const SILENCE = 6000;
const [FIRST_WAIT, LONGEST_WAIT] = [1000, 15_000];
/** The errors that no waiting mends. */
const FINAL: ReadonlySet<unknown> = new Set(["FORBIDDEN", "NOT_FOUND", "WORKSPACE_CLOSED", "WRONG_API"]);

const headers = { "Content-Type": "application/json", Accept: "text/event-stream", "X-CSRF": "1" };

interface ExecutionResult<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/**
 * Listens to a subscription, and comes back by itself when it is cut off.
 *
 * @param variables asked for each time it connects
 * @returns what ends it
 */
export function listen<Data, Variables extends object>(
  tenant: string,
  { document, variables }: { document: TypedDocumentNode<Data, Variables>; variables: () => Variables },
  on: { readonly data: (data: Data) => void; readonly state: (state: StreamState) => void },
): () => void {
  const query = stringifyDocument(document);
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
  const hear = ({ data, errors }: ExecutionResult<Data>) => {
    if (isOver) return;
    if (errors) return refused(errors[0]?.extensions?.["code"]);
    if (!data) return;
    wait = FIRST_WAIT;
    heard();
    become("live");
    on.data(data);
  };
  const connect = () => {
    heard();
    const leaving = new AbortController();
    leave = () => leaving.abort();
    const body = JSON.stringify({ query, variables: variables() });
    const asked = { method: "POST", headers, body, signal: leaving.signal };
    const ended = readEventStream(`/graphql?tenant=${encodeURIComponent(tenant)}`, asked, ({ event, data }) => {
      if (event === "next") hear(JSON.parse(data) as ExecutionResult<Data>);
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
