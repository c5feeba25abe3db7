import { createRemoteJWKSet, jwtVerify } from "jose";
import { glewlwydIfThere } from "./glewlwyd.ts";
import { type BenchClient, load } from "./load.ts";
import { cpuSeconds, pin, residentMiB } from "./processes.ts";
import { type Asked, clientListRequests, introspectionRequests, tokenRequests } from "./requests.ts";
import { mintmark, ORDERS, oauth2Server, oidcProvider, type Running, type Subject } from "./subjects.ts";

/** What is measured, and of whom. */
export interface Scenario {
  readonly about: string;
  readonly subjects: () => readonly Subject[];
  /** Who else is measured, but not in the smoke round. */
  readonly more?: () => readonly Subject[];
  /** Clients to draw from. */
  readonly clients: number;
  /** Workspaces that they are spread over; a hundred where left out. */
  readonly workspaces?: number;
  readonly connections: number;
  readonly asks: "tokens" | "introspection" | "the list of clients";
  /** Of tokens: each so many-th secret is wrong. */
  readonly wrongEach?: number;
  /** The processors of the server, and of the load and the database. */
  readonly processors: readonly [server: string, others: string];
  readonly workers?: number;
  /** Seconds of each measurement, where the plan's are too few. */
  readonly seconds?: number;
}

/** One subject in one round. */
export interface Round {
  readonly round: number;
  readonly subject: string;
  readonly about: string;
  readonly node: string;
  readonly requests: number;
  readonly perCpuSecond: number;
  readonly perSecond: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Processor seconds of the database. */
  readonly databaseSeconds: number;
  readonly memoryMiB: number;
  /** Milliseconds from the start of the process to its first token. */
  readonly firstToken: number;
}

const all = () => [mintmark(), oidcProvider(), oauth2Server()];
/** Mintmark with so many clients, whatever the scenario says. */
const mintmarkWith = (clients: number): Subject => {
  const subject = mintmark();
  return { ...subject, start: (options) => subject.start({ ...options, clients: Math.min(clients, options.clients) }) };
};
const apart = ["0", "1"] as const;
const WORKSPACES = 100;

export const scenarios: Readonly<Record<string, Scenario>> = {
  token: {
    about: "32 connections, 1,000 clients of 100 workspaces, one core",
    subjects: all,
    more: glewlwydIfThere,
    clients: 1000,
    asks: "tokens",
    connections: 32,
    processors: apart,
  },
  unloaded: {
    about: "one connection",
    subjects: all,
    clients: 1000,
    asks: "tokens",
    connections: 1,
    processors: apart,
  },
  wide: { about: "128 connections", subjects: all, clients: 1000, asks: "tokens", connections: 128, processors: apart },
  refusals: {
    about: "32 connections, each twentieth secret is wrong",
    subjects: all,
    clients: 1000,
    asks: "tokens",
    connections: 32,
    wrongEach: 20,
    processors: apart,
  },
  cores: {
    about: "both cores for all, two processes each, 64 connections",
    subjects: () => [mintmark(), oidcProvider()],
    clients: 1000,
    asks: "tokens",
    connections: 64,
    processors: ["0,1", "0,1"],
    workers: 2,
  },
  many: {
    about: "32 connections, 100,000 clients beside 1,000, each served before",
    // A server loads 500 clients a second that it does not know.
    subjects: () => [
      { ...mintmark(), warmUp: 240 },
      { ...mintmarkWith(1000), name: "Mintmark, 1,000 clients" },
    ],
    clients: 100_000,
    asks: "tokens",
    connections: 32,
    processors: apart,
    // When each client was last used is written once a minute.
    seconds: 60,
  },
  introspection: {
    about:
      "32 connections, each client asks about a token of its own; the peer's tokens are opaque, since it knows no others",
    subjects: () => [mintmark(), oidcProvider({ isOpaque: true })],
    clients: 500,
    asks: "introspection",
    connections: 32,
    processors: apart,
  },
  list: {
    about:
      "the console's list of 10,000 clients through GraphQL: any of its pages, or a search, 2 connections, both cores",
    subjects: () => [mintmark()],
    clients: 10_000,
    workspaces: 1,
    asks: "the list of clients",
    connections: 2,
    processors: ["0,1", "0,1"],
  },
};

export interface Plan {
  readonly rounds: number;
  /** Seconds of each measurement, and before it. */
  readonly seconds: number;
  readonly warmUp: number;
  /** A few clients, and only the peers that are always there. */
  readonly isSmoke: boolean;
}

/** Interleaved rounds, A B C A B C, each with fresh processes. @throws Error where anything that was measured is not right */
export async function* compare(name: string, scenario: Scenario, plan: Plan): AsyncGenerator<Round> {
  const subjects = [...scenario.subjects(), ...(plan.isSmoke ? [] : (scenario.more?.() ?? []))];
  const clients = plan.isSmoke ? Math.min(scenario.clients, 5) : scenario.clients;
  try {
    for (let round = 1; round <= plan.rounds; round++)
      for (const subject of subjects) {
        const running = await subject.start({
          clients,
          workspaces: scenario.workspaces ?? WORKSPACES,
          workers: scenario.workers ?? 1,
        });
        try {
          yield {
            round,
            subject: subject.name,
            about: subject.about,
            node: process.version,
            ...(await measure(scenario, plan, running, subject)),
          };
        } catch (error) {
          throw new Error(`${name}, ${subject.name}: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        } finally {
          await running.stop();
        }
      }
  } finally {
    for (const subject of subjects) subject.clear();
  }
}

async function measure(scenario: Scenario, plan: Plan, running: Running, { warmUp }: Subject) {
  const seconds = plan.isSmoke ? plan.seconds : (scenario.seconds ?? plan.seconds);
  const { connections, wrongEach, processors } = scenario;
  const { server, database } = running.processes();
  pin(server, processors[0]);
  pin(database, processors[1]);
  const asked = await askedIn(scenario, running);
  const options = { ...asked, origin: running.origin, connections, processors: processors[1] };
  const before = await running.recorded();
  const isLong = warmUp !== undefined && !plan.isSmoke;
  const warm = await load({ ...options, seconds: isLong ? warmUp : plan.warmUp, inOrder: isLong });
  const [serverBefore, databaseBefore] = [cpuSeconds(server), cpuSeconds(running.processes().database)];
  const measured = await load({ ...options, seconds });
  const serverSeconds = cpuSeconds(server) - serverBefore;
  const databaseSeconds = cpuSeconds(running.processes().database) - databaseBefore;
  // While each client is asked for in its turn, a server says 503 to those beyond what it loads in a second.
  for (const one of isLong ? [measured] : [warm, measured]) checkLoad(one, wrongEach);
  if (scenario.asks === "tokens") {
    await checkTokens(running, wrongEach !== undefined);
    const after = await running.recorded();
    const given = [warm, measured].reduce((sum, { requests, refused, failed }) => sum + requests - refused - failed, 0);
    if (before !== undefined && after !== undefined && after - before < given)
      throw new Error(`${given} tokens were given, and ${after - before} recorded`);
  }
  return {
    requests: measured.requests,
    perCpuSecond: measured.requests / serverSeconds,
    perSecond: measured.requests / (measured.microseconds / 1e6),
    p50: measured.p50,
    p95: measured.p95,
    p99: measured.p99,
    databaseSeconds,
    memoryMiB: residentMiB(server),
    firstToken: running.firstToken,
  };
}

async function askedIn({ asks, wrongEach }: Scenario, running: Running): Promise<Asked> {
  switch (asks) {
    case "tokens":
      return tokenRequests(running, wrongEach);
    case "introspection":
      return introspectionRequests(running);
    case "the list of clients":
      return clientListRequests(running);
  }
}

function checkLoad({ requests, refused, failed, broken }: Awaited<ReturnType<typeof load>>, wrongEach?: number): void {
  if (requests === 0) throw new Error("nothing was answered");
  if (failed > 0 || broken > 0) throw new Error(`${failed} answers were no success, ${broken} connections broke`);
  const share = refused / requests;
  const expected = wrongEach === undefined ? 0 : 1 / wrongEach;
  if (Math.abs(share - expected) > 0.02) throw new Error(`${(share * 100).toFixed(1)} % were refused`);
}

const SAMPLES = 20;

/** Tokens are verified by another library, their ids are all different, and a wrong secret gets 401. */
async function checkTokens(
  { origin, clients, body, jwks, refusal = 401, audience = ORDERS }: Running,
  mayBeLimited: boolean,
): Promise<void> {
  const ask = (client: BenchClient, secret: string) =>
    fetch(origin + client.path, {
      method: "POST",
      headers: {
        Authorization: `Basic ${Buffer.from(`${client.clientId}:${secret}`).toString("base64")}`,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body,
    });
  const ids = new Set<unknown>();
  const first = clients[0];
  if (!first) throw new Error("there is no client");
  const keys = createRemoteJWKSet(new URL(jwks));
  for (let sample = 0; sample < SAMPLES; sample++) {
    const { access_token: token } = (await (await ask(first, first.clientSecret)).json()) as { access_token: string };
    const { payload, protectedHeader } = await jwtVerify(token, keys, { audience });
    if (protectedHeader.alg !== "ES256" || payload["scope"] !== "orders:read")
      throw new Error("another token than asked for");
    ids.add(payload.jti);
  }
  if (ids.size !== SAMPLES) throw new Error("two tokens have one jti");
  const wrong = await ask(first, `${first.clientSecret.slice(0, -1)}-`);
  // After many wrong ones from here a server may have had enough.
  if (wrong.status !== refusal && !(mayBeLimited && wrong.status === 429))
    throw new Error(`a wrong secret got ${wrong.status}`);
}
