import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { CommandFailure } from "../shell.ts";

/**
 * Connections that may wait to be accepted at one door, where the system allows as many. When all clients come at once,
 * Node's own 511 lets the others try again a second later, and then three.
 */
const BACKLOG = 65_535;

/**
 * Sockets that listen on the same port. Node accepts one connection at each of them in a turn of its event loop, and a turn
 * of a busy server is long: of a thousand callers that come at once the last would be let in after a thousand turns.
 */
export const DOORS = 32;

/** How long running requests may take to end once the server stops, in milliseconds. */
const DRAIN_MS = 10_000;
/** How long a caller on an open connection has to come by for its last answer, in milliseconds. */
const LAST_CALL_MS = 500;

/** Where a server listens. */
export interface Address {
  readonly port: number;
  readonly host: string;
}

/** A server's way in. */
export interface Listener {
  /** @throws CommandFailure when nothing can listen there: says why, and what to do */
  open(address: Address): Promise<void>;
  /**
   * No new connections, and each open one ends with its next answer; those that nobody uses end after the last call.
   * Whoever takes longer is cut off. `http.Server.close()` would close idle connections at once, under a caller's feet.
   */
  drain(): Promise<void>;
}

/**
 * Lets connections in to a server, through one door or several. Several share the port (SO_REUSEPORT), where the system
 * can; a port that somebody else has is refused all the same.
 */
export function listenerOf(server: Server, doors = 1): Listener {
  const more = Array.from(
    { length: canSharePorts ? doors - 1 : 0 },
    // As node:http makes its own.
    () => new NetServer({ allowHalfOpen: true, noDelay: true }, (socket) => void server.emit("connection", socket)),
  );
  const all: readonly NetServer[] = [server, ...more];
  return {
    async open(address) {
      try {
        // Two of one account that start within the same milliseconds both find it free, and share it.
        if (more.length > 0) await close([await listening(new NetServer(), address)]);
        await Promise.all(all.map((door) => listening(door, { ...address, reusePort: more.length > 0 })));
      } catch (error) {
        throw listenFailure(error as NodeJS.ErrnoException, address);
      }
    },
    async drain() {
      server.prependListener("request", (_, response) => response.setHeader("Connection", "close"));
      const closed = close(all);
      const began = Date.now();
      const timer = setInterval(() => {
        if (Date.now() - began > DRAIN_MS) server.closeAllConnections();
        else if (Date.now() - began > LAST_CALL_MS) server.closeIdleConnections();
      }, 100);
      await closed;
      clearInterval(timer);
    },
  };
}

/** Elsewhere the option is an error. */
const canSharePorts = process.platform === "linux";

function listening(door: NetServer, options: Address & { readonly reusePort?: boolean }): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    door.once("error", reject);
    door.listen({ ...options, backlog: BACKLOG }, () => resolve(door));
  });
}

/** Resolves when the last connection that came through one of them has ended. */
async function close(doors: readonly NetServer[]): Promise<void> {
  await Promise.all(doors.map((door) => new Promise((resolve) => NetServer.prototype.close.call(door, resolve))));
}

function listenFailure({ code, message }: NodeJS.ErrnoException, { port, host }: Address): CommandFailure {
  if (code === "EADDRINUSE")
    return new CommandFailure(
      `Port ${port} is in use by another program. Stop that one, or choose another port: PORT=${port === 65_535 ? port - 1 : port + 1}.`,
    );
  if (code === "EACCES")
    return new CommandFailure(`This account may not listen on port ${port}. Choose one above 1023 with PORT.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new CommandFailure(`HOST is ${host}, which is no address of this machine. Correct it, or leave it out.`);
  return new CommandFailure(`Nothing can listen on ${host}:${port} (${code ?? message}). Choose another HOST or PORT.`);
}
