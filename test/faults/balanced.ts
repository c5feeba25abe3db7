import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll } from "vitest";
import { type Balancer, openBalancer } from "../support/balancer.ts";
import { type GraphQL, graphqlAs } from "../support/graphql.ts";
import { openLink, type PostgresLink } from "../support/postgres-link.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, basic, type Credentials, fetchToken, post } from "../support/token.ts";
import {
  createSecret,
  freshSlug,
  type StoryClient,
  type StoryWorkspace,
  setGrant,
  useWorld,
  type World,
} from "../support/world.ts";

/** Three servers of one installation behind a load balancer; two of them reach the database by a link that can be cut. */
export interface BalancedWorld {
  readonly world: World;
  readonly link: PostgresLink;
  readonly others: readonly TestReplica[];
  /** The same client behind the load balancer. */
  balanced<T extends Credentials>(client: T): T;
  /** The same client at each of the servers. */
  everywhere<T extends Credentials>(client: T): readonly T[];
  /** A workspace whose changes are made through the load balancer: each by another server. */
  workspace(): Promise<StoryWorkspace>;
}

export function useBalancedWorld(): BalancedWorld {
  const world = useWorld({ LOG_LEVEL: "info" });
  let link: PostgresLink;
  let balancer: Balancer;
  let others: readonly TestReplica[] = [];
  beforeAll(async () => {
    const url = world.server.database.appUrl;
    link = await openLink(url);
    const env = { DATABASE_URL: link.through(url), LOG_LEVEL: "warn" };
    others = await Promise.all([startReplica(world.server, env), startReplica(world.server, env)]);
    balancer = await openBalancer([world.origin, ...others.map(({ origin }) => origin)]);
  }, 120_000);
  afterAll(async () => {
    await balancer?.close();
    for (const other of others) await other.destroy();
    await link?.close();
  });
  const at = <T extends Credentials>(origin: string, client: T): T => ({
    ...client,
    tokenEndpoint: `${origin}${new URL(client.tokenEndpoint).pathname}`,
  });
  return {
    world,
    get link() {
      return link;
    },
    get others() {
      return others;
    },
    balanced: (client) => at(balancer.origin, client),
    everywhere: (client) => [world.origin, ...others.map(({ origin }) => origin)].map((origin) => at(origin, client)),
    async workspace() {
      const { slug, id, adminClient } = await world.tenant().ready();
      const url = world.graphqlUrl.replace(world.origin, balancer.origin);
      const admin: GraphQL = graphqlAs(url, at(balancer.origin, adminClient));
      return world.tenant({ id, slug, adminClient, admin }).workspace().resource("orders", ["read", "write"]).ready();
    },
  };
}

const isActive = async (client: Credentials, token: string): Promise<boolean> => {
  const url = client.tokenEndpoint.replace(/token$/, "introspect");
  return (await post(url, { token }, [basic(client)])).json()["active"] === true;
};

/** What was found of the changes of some rounds. */
export interface Found {
  /** Whatever was refused just after it was made: what, and with which answer. */
  readonly refused: string[];
  /** Milliseconds from the answer of a change that takes something away until a server acts on it, by kind of change. */
  readonly taken: Map<string, number[]>;
}

/** Longest that a server is waited for, in milliseconds. */
const MOST_MS = 8000;

/** Milliseconds until every server says no. */
async function untilRefused(clients: readonly Credentials[], isServed: (client: Credentials) => Promise<boolean>) {
  const began = performance.now();
  return Promise.all(
    clients.map(async (client) => {
      while (performance.now() - began < MOST_MS && (await isServed(client))) await pause(2);
      return performance.now() - began;
    }),
  );
}

/** Creates, rotates, grants, disables and revokes, one after another, and looks at once at every server what comes of it. */
export async function changeAround(
  { everywhere, balanced }: BalancedWorld,
  workspace: StoryWorkspace,
  rounds: number,
): Promise<Found> {
  const found: Found = { refused: [], taken: new Map() };
  const mustServe = async (what: string, client: Credentials, form: Record<string, string> = {}): Promise<void> => {
    const answers = await Promise.all([balanced(client), ...everywhere(client)].map((one) => askToken(one, form)));
    for (const { status, body } of answers) if (status !== 200) found.refused.push(`${what}: ${status} ${body}`);
  };
  const mustRefuse = async (what: string, client: Credentials, isServed: (client: Credentials) => Promise<boolean>) => {
    const times = await untilRefused(everywhere(client), isServed);
    found.taken.set(what, [...(found.taken.get(what) ?? []), ...times]);
  };
  const getsTokens =
    (form: Record<string, string> = {}) =>
    async (client: Credentials) =>
      (await askToken(client, form)).status === 200;
  const { admin } = workspace;
  for (let round = 0; round < rounds; round++) {
    const client: StoryClient = await workspace.addClient({ grants: { orders: ["read"] } });
    await mustServe("a new client", client);
    const { value: clientSecret } = await createSecret(workspace, client.id);
    await mustServe("a new secret", { ...client, clientSecret });
    await setGrant(workspace, client.id, "orders", ["read", "write"]);
    await mustServe("a new grant", client, { scope: "write" });
    const stock = freshSlug("stock");
    const { identifier } = await workspace.addResource(stock, ["count"]);
    await setGrant(workspace, client.id, stock, ["count"]);
    await mustServe("a new API", client, { resource: identifier });
    const resource = workspace.resource("orders").identifier;
    const token = await fetchToken(balanced(client), { resource });
    await Promise.all(everywhere(client).map((one) => isActive(one, token)));
    await post(balanced(client).tokenEndpoint.replace(/token$/, "revoke"), { token }, [basic(client)]);
    await mustRefuse("token revoked", client, (one) => isActive(one, token));
    await setGrant(workspace, client.id, "orders", ["read"]);
    await mustRefuse("grant taken back", client, getsTokens({ scope: "write", resource }));
    await admin.must("revokeClientSecret", { id: client.secretId }, "clientSecret { id }");
    await mustRefuse("secret revoked", client, getsTokens({ resource }));
    const rotated = { ...client, clientSecret };
    await mustServe("the other secret", rotated, { resource });
    await admin.must("disableClient", { id: client.id }, "client { id }");
    await mustRefuse("client disabled", rotated, getsTokens({ resource }));
    await admin.must("enableClient", { id: client.id }, "client { id }");
    await mustServe("a client enabled again", rotated, { resource });
    await pause(Math.random() * 40);
  }
  return found;
}

/**
 * Sixteen writers of eight tenants at once, beside transactions that take their time and are rolled back: whatever they
 * make is served at once, and what they disable no server serves for long.
 */
export async function writeAtOnce(balancedWorld: BalancedWorld, seconds: number) {
  const { world, everywhere, balanced, workspace } = balancedWorld;
  const places = await Promise.all(Array.from({ length: 8 }, () => workspace()));
  const wrong: string[] = [];
  let made = 0;
  let rolledBack = 0;
  const end = performance.now() + seconds * 1000;
  const write = async (place: StoryWorkspace): Promise<void> => {
    while (performance.now() < end) {
      const client = await place.addClient();
      made++;
      const { status, body } = await askToken(balanced(client));
      if (status !== 200) wrong.push(`${client.id} is refused: ${status} ${body}`);
      // The database refuses this one within its transaction.
      const twice = { workspaceId: place.id, name: "twice", clientId: client.clientId };
      if ((await place.admin.mutate("createClient", twice, "client { id }")).userErrors.length > 0) rolledBack++;
      if (Math.random() < 0.3) {
        await Promise.all(everywhere(client).map((one) => askToken(one)));
        await place.admin.must("disableClient", { id: client.id }, "client { id }");
        const times = await untilRefused(everywhere(client), async (one) => (await askToken(one)).status === 200);
        if (Math.max(...times) >= MOST_MS) wrong.push(`${client.id} is disabled, and served`);
      }
      await pause(Math.random() * 30);
    }
  };
  const sql = postgres(world.server.database.ownerUrl, { max: 4 });
  const disturb = async (): Promise<void> => {
    while (performance.now() < end) {
      await sql
        .begin(async (change) => {
          const shard = Math.floor(Math.random() * 16);
          const mark = randomBytes(6).toString("hex");
          await change`update feed_shards set number = number + 1, mark = ${mark} where shard = ${shard}`;
          await change`insert into change_feed (shard, number, mark, tenant_id, touched)
            select shard, number, mark, (select min(id) from tenants), '[]' from feed_shards where shard = ${shard}`;
          await pause(Math.random() * 40);
          throw new Error("rolled back");
        })
        .catch(() => rolledBack++);
      await pause(Math.random() * 60);
    }
  };
  await Promise.all([
    ...places.flatMap((place) => [write(place), write(place)]),
    ...Array.from({ length: 4 }, disturb),
  ]);
  const gaps = await sql`select shard from change_feed group by shard having count(*) <> max(number) - min(number) + 1`;
  await sql.end();
  return { made, rolledBack, wrong, gaps: gaps.length };
}
