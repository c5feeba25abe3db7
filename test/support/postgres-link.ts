import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to PostgreSQL that can be cut silently: nothing is closed, and nothing comes through any more. */
export interface PostgresLink {
  /** The same address through the link. */
  through(url: string): string;
  /** Holds back the connections that ever sent one of these words, new ones too; without words: all. */
  cut(...words: readonly string[]): void;
  /** Lets through what comes from now on; what was held back is lost, like its connections. */
  mend(): void;
  /** Loses the answer to the next thing sent with this word in it, and closes that connection. Resolves when it happened. */
  loseAnswer(word: string): Promise<void>;
  close(): Promise<void>;
}

interface Passing {
  /** Told when the next answer comes, which goes nowhere. */
  lost?: () => void;
  readonly sent: string[];
  readonly sockets: readonly Socket[];
}

/** Opens a link to the PostgreSQL at that address. */
export async function openLink(target: string): Promise<PostgresLink> {
  const { hostname, port } = new URL(target);
  const passing = new Set<Passing>();
  let held: readonly string[] | undefined;
  let losing: { readonly word: string; readonly resolve: () => void } | undefined;
  const isHeld = ({ sent }: Passing) =>
    held !== undefined && (held.length === 0 || held.some((word) => sent.some((text) => text.includes(word))));
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const one: Passing = { sent: [], sockets: [near, far] };
    passing.add(one);
    near.on("data", (bytes: Buffer) => {
      const text = bytes.toString("latin1");
      one.sent.push(text);
      if (losing && text.includes(losing.word)) {
        one.lost = losing.resolve;
        losing = undefined;
      }
      if (!isHeld(one)) far.write(bytes);
    });
    far.on("data", (bytes: Buffer) => {
      if (one.lost) {
        near.destroy();
        return one.lost();
      }
      if (!isHeld(one)) near.write(bytes);
    });
    for (const socket of one.sockets) {
      socket.on("error", () => {});
      socket.on("close", () => {
        passing.delete(one);
        for (const other of one.sockets) other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const own = typeof address === "object" && address ? address.port : 0;
  return {
    through(url) {
      const moved = new URL(url);
      moved.host = `127.0.0.1:${own}`;
      return moved.href;
    },
    cut: (...words) => {
      held = words;
    },
    mend() {
      // Half of a conversation is none: whoever was held back has to connect anew, as after a cut of some minutes.
      const lost = [...passing].filter(isHeld);
      held = undefined;
      for (const { sockets } of lost) for (const socket of sockets) socket.pause();
    },
    loseAnswer: (word) => new Promise((resolve) => (losing = { word, resolve })),
    async close() {
      for (const { sockets } of passing) for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
