import { type IncomingMessage, request } from "node:http";

/** A GraphQL result among the events of a stream. */
export interface StreamResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** A subscription as it comes over the wire. */
export interface EventStream {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Every result so far. */
  readonly results: readonly StreamResult[];
  /** Resolves when the server has ended it: `complete` where it said so, `cut` where the connection just went. */
  readonly ended: Promise<"complete" | "cut">;
  /** Everything that came where it is no stream of events. */
  readonly body: Promise<string>;
  /** Leaves, as a closed page does. */
  close(): void;
}

/** Opens a subscription; resolves with the answer's head. */
export function openStream(
  url: string,
  body: { readonly query: string; readonly variables?: unknown },
  headers: readonly (readonly [name: string, value: string])[],
  accept = "text/event-stream",
): Promise<EventStream> {
  const target = new URL(url);
  const sent = JSON.stringify(body);
  const all = [
    ["Host", target.host],
    ["Content-Type", "application/json"],
    ["Accept", accept],
    ["Content-Length", String(Buffer.byteLength(sent))],
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      // A connection of its own, as long as it lasts.
      { method: "POST", agent: false, headers: all.flat() },
      (incoming) => resolve(listenTo(incoming, () => outgoing.destroy())),
    );
    outgoing.once("error", reject);
    outgoing.end(sent);
  });
}

function listenTo(incoming: IncomingMessage, close: () => void): EventStream {
  const results: StreamResult[] = [];
  let text = "";
  let rest = "";
  let isComplete = false;
  incoming.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const events = `${rest}${chunk}`.split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (event.startsWith("event: complete")) isComplete = true;
      const [, data] = /^event: next\ndata: (.*)$/s.exec(event) ?? [];
      if (data !== undefined) results.push(JSON.parse(data) as StreamResult);
    }
  });
  // A connection that is cut ends, too.
  incoming.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => incoming.once("close", resolve));
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    results,
    ended: closed.then(() => (isComplete ? "complete" : "cut")),
    body: closed.then(() => text),
    close,
  };
}
