/** One event of a stream of server-sent events (WHATWG HTML §9.2). */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Finds the events in a stream's text as it comes, whatever pieces it comes in. Comments are no events, and neither is
 * what has no data.
 *
 * @returns takes the next piece, and gives the events that are whole by then
 */
export function eventReader(): (piece: string) => readonly StreamEvent[] {
  let rest = "";
  return (piece) => {
    rest += piece;
    // A line's end may come in two pieces: the first waits for the second.
    const whole = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const blocks = whole.replaceAll(/\r\n?/g, "\n").split("\n\n");
    rest = (blocks.pop() ?? "") + rest.slice(whole.length);
    return blocks.flatMap(eventOf);
  };
}

function eventOf(block: string): readonly StreamEvent[] {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") event = value;
    if (name === "data") data.push(value);
  }
  return data.length === 0 ? [] : [{ event, data: data.join("\n") }];
}

/** What a stream's end was. */
export type StreamEnd = { readonly status?: number };

/**
 * Posts, and hears the events of the answer until it ends, is cut off or is left by `signal`. Never rejects.
 *
 * @returns the status of an answer that was no stream
 */
export async function readEventStream(
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
  hear: (event: StreamEvent) => void,
): Promise<StreamEnd> {
  try {
    // biome-ignore lint/style/noRestrictedGlobals: a stream is read as it comes, from the console's own server
    const answer = await fetch(url, init);
    if (!answer.ok || !answer.body) return { status: answer.status };
    const read = eventReader();
    const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let { done, value } = await pieces.read(); !done; { done, value } = await pieces.read())
      for (const event of read(value ?? "")) hear(event);
  } catch {
    // The network went, or whoever listened did.
  }
  return {};
}
