import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP, type LookupFunction, Socket, type TcpSocketConnectOpts } from "node:net";
import { type AllowedHost, isAllowedHost } from "./allowed-hosts.ts";
import { isPublicAddress } from "./public-address.ts";

/** A connection that was not made, because its address is no host on the public internet and nobody opened it. */
export class EgressRefused extends Error {
  readonly code = "EGRESS_REFUSED";
  constructor(host: string, port: number) {
    super(
      `${host}:${port} is not on the public internet, so this server does not connect to it. ` +
        `An operator opens it with EGRESS_ALLOW=${host.includes(":") ? `[${host}]` : host}:${port}.`,
    );
    this.name = "EgressRefused";
  }
}

/** Resolves names for a database or another peer of the operator's own. */
export type Lookup = (
  host: string,
  options: LookupOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const systemLookup: Lookup = (host, options, done) => lookup(host, { ...options, all: true }, done);

export interface SocketGuard {
  /** Takes the guard away again: for tests. */
  remove(): void;
}

type ConnectArguments = Parameters<typeof Socket.prototype.connect> | [TcpSocketConnectOpts, ...unknown[]];

const OPEN = Symbol("hosts that are open to this connection");

interface OwnOpening {
  readonly [OPEN]?: readonly AllowedHost[];
}

/**
 * Goes among the options of a request or a connection: to it these hosts are open, in place of those that are open to the
 * process.
 */
export const openTo = (hosts: readonly AllowedHost[]): OwnOpening => ({ [OPEN]: hosts });

/**
 * Guards every TCP connection of the process where all libraries meet: at the socket. A name is resolved once, every
 * address it has must be public, and the connection is made to what was checked, so that a second answer (rebinding)
 * is never asked for.
 */
export function guardSockets(allowed: readonly AllowedHost[], resolve: Lookup = systemLookup): SocketGuard {
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function guarded(this: Socket, ...given: ConnectArguments) {
    const options = tcpOptions(given);
    if (!options) return Reflect.apply(connect, this, given);
    const { host = "localhost", port, [OPEN]: open = allowed } = options;
    if (isAllowedHost(open, host, Number(port))) return Reflect.apply(connect, this, given);
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      process.nextTick(() => this.destroy(new EgressRefused(host, Number(port))));
      return this;
    }
    options.lookup = publicLookup(Number(port), resolve);
    return Reflect.apply(connect, this, given);
  } as typeof connect;
  return {
    remove() {
      Socket.prototype.connect = connect;
    },
  };
}

/** The options of a TCP connection, made an object that may be altered; `undefined` for a pipe. */
function tcpOptions(given: ConnectArguments): (TcpSocketConnectOpts & OwnOpening) | undefined {
  const [first, second] = given as unknown[];
  // `net.connect` hands on its arguments as a list that it has read already.
  const read = Array.isArray(first) ? first[0] : first;
  if (typeof read === "object" && read !== null) return "path" in read && read.path ? undefined : read;
  const isPort = typeof read === "number" || (typeof read === "string" && /^\d+$/.test(read));
  if (!isPort) return undefined;
  const options = { port: Number(read), host: typeof second === "string" ? second : "localhost" };
  (given as unknown[]).splice(0, typeof second === "string" ? 2 : 1, options);
  return options;
}

/** Names all of a host's addresses, or none of them where one is not public. */
const publicLookup =
  (port: number, resolve: Lookup): LookupFunction =>
  (host, options, done) =>
    resolve(host, options, (error, addresses) => {
      const refused = !error && !addresses.every(({ address }) => isPublicAddress(address));
      const [first] = addresses ?? [];
      if (error || refused || !first) return done(error ?? new EgressRefused(host, port), "", 0);
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
