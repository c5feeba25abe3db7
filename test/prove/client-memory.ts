// Memory of a million cached clients, each with two secrets and a grant: `node --expose-gc test/prove/client-memory.ts`.
import { randomBytes } from "node:crypto";
import { loadClients } from "../../packages/domain/src/token-path/client-snapshot.ts";
import { Drops } from "../../packages/domain/src/token-path/drops.ts";
import { SnapshotCache } from "../../packages/domain/src/token-path/snapshot-cache.ts";

type Source = Parameters<typeof loadClients>[0];
type Wanted = Parameters<typeof loadClients>[1];
type Client = NonNullable<Awaited<ReturnType<typeof loadClients>>[number]["value"]>;

const CLIENTS = Number(process.argv[2] ?? 1_000_000);
const BATCH = 500;
const WORKSPACES = 100;

const idOf = (at: number) => `cli_${String(at).padStart(22, "0")}`;
const secret = () => ({
  id: `sec_${randomBytes(11).toString("hex")}`,
  digest: randomBytes(32).toString("hex"),
  pepper: 1,
  from: "2026-01-01T00:00:00+00:00",
  expires: null,
  revoked: null,
});

/** Rows as the driver hands them over: every text a new one. */
const rowsOf = (wanted: Wanted) =>
  JSON.parse(
    JSON.stringify(
      wanted.map(({ clientId }, at) => ({
        at,
        id: clientId,
        client_id: clientId,
        status: "active",
        settings: {},
        tokens_not_before: null,
        secrets: [secret(), secret()],
        grants: [{ identifier: "https://orders.example.com/", scopes: ["orders:read", "orders:write"] }],
        assigned: null,
      })),
    ),
  );

async function settle(): Promise<{ rss: number; heap: number }> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

const drops = new Drops();
const cache = new SnapshotCache<Client>(CLIENTS, drops);
const before = await settle();
for (let from = 0; from < CLIENTS; from += BATCH) {
  const wanted = Array.from({ length: Math.min(BATCH, CLIENTS - from) }, (_, at) => ({
    issuer: { tenantId: "ten_a", workspaceId: `wrk_${String((from + at) % WORKSPACES).padStart(22, "0")}` },
    clientId: idOf(from + at),
  })) as unknown as Wanted;
  const source = { sql: async () => rowsOf(wanted) } as unknown as Source;
  const snapshots = await loadClients(source, wanted, new Date());
  await Promise.all(
    snapshots.map((snapshot, at) => {
      const { issuer, clientId } = wanted[at] as Wanted[number];
      return cache.get(`${issuer.workspaceId} ${clientId}`, Date.now(), async () => snapshot);
    }),
  );
}
const after = await settle();
const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
const began = performance.now();
let found = 0;
for (let look = 0; look < 1_000_000; look++) {
  const at = (look * 7_919) % CLIENTS;
  const key = `wrk_${String(at % WORKSPACES).padStart(22, "0")} ${idOf(at)}`;
  if (cache.has(key, Date.now())) found++;
}
const look = (performance.now() - began) / 1_000_000;
process.stdout.write(
  `${CLIENTS} clients with 2 secrets and 1 grant in memory: ${mib(after.rss - before.rss)} MiB above an empty process ` +
    `(of it ${mib(after.heap - before.heap)} MiB living, ${((after.heap - before.heap) / CLIENTS).toFixed(0)} bytes each), all ${found === 1_000_000 ? "found" : `but ${1_000_000 - found} found`}, ` +
    `a look ${(look * 1000).toFixed(2)} µs\n`,
);
if (after.rss - before.rss > 1.2 * 2 ** 30) process.exitCode = 1;
