// A thread that asks for clients and does little else, so that what is measured is the server: bytes made beforehand,
// sockets without an HTTP library, answers looked at for their status alone.
import { connect, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is to do. */
export interface EachClient {
  readonly port: number;
  /** Whole requests, as they go over the wire; each is sent once. */
  readonly requests: readonly string[];
  readonly connections: number;
}

/** What it found; the milliseconds of a connection's first request begin before it connects. */
export interface EachAnswered {
  readonly statuses: ReadonlyMap<number, number>;
  readonly times: Float64Array;
  readonly seconds: number;
}

const { port, requests, connections } = workerData as EachClient;
const statuses = new Map<number, number>();
const times = new Float64Array(requests.length);
let sent = 0;
let open = 0;
const began = performance.now();

/** Whether a whole answer is there: its head, and as much after it as the head says. */
function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return length !== undefined && text.length >= head + 4 + Number(length);
}

function next(socket: Socket): boolean {
  const request = requests[sent++];
  if (request === undefined) return false;
  socket.write(request);
  return true;
}

const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);

function finish(): void {
  parentPort?.postMessage({ statuses, times, seconds: (performance.now() - began) / 1000 } satisfies EachAnswered);
}

let answered = 0;
function begin(): void {
  open++;
  let from = performance.now();
  let text = "";
  let isDone = false;
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  if (!next(socket)) throw new Error("more connections than requests");
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    if (!isWhole(text)) return;
    count(Number(text.slice(9, 12)));
    const now = performance.now();
    times[answered++] = now - from;
    text = "";
    from = now;
    isDone = !next(socket);
    if (isDone) socket.destroy();
  });
  // Its end says why.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    // An answer without a length, or status 0: none at all.
    if (!isDone) count(Number(text.slice(9, 12)));
    if (--open === 0) finish();
  });
}

for (let at = 0; at < Math.min(connections, requests.length); at++) begin();
