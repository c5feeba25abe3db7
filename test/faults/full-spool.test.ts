import { afterAll, expect, test } from "vitest";
import { eventually } from "../support/http.ts";
import { setDatabaseAway } from "../support/postgres.ts";
import { mountSmallDisk } from "../support/small-disk.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { expectRows, fillSpool, jtiOf } from "./full-spool.ts";

const disk = mountSmallDisk("512k");
const world = useWorld({ DATA_DIR: disk.folder });
afterAll(() => disk.remove());

test("[B12] the database away until the spool's disk is full → 503, nothing spoilt or lost, and all again when it is back, twice", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  for (let time = 0; time < 2; time++) {
    const { received, againMs } = await fillSpool(world, client, 8);
    expect(received).toBeGreaterThan(200);
    expect(againMs).toBeLessThan(5000);
  }
});

test("[B12] a disk that others filled → 503 while the database is away, tokens as soon as there is room, and none without its row", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const received = [await fetchToken(client)];
  disk.fill();
  // With the database nothing needs the disk.
  received.push(await fetchToken(client));
  disk.empty();
  await setDatabaseAway(world.server.database, true);
  for (let token = 0; token < 3; token++) received.push(await fetchToken(client));
  disk.fill();
  // What still fits is a part of a row: it must not stand before the next ones.
  const ask = async () => {
    const answer = await askToken(client);
    if (answer.status === 200) received.push(String(answer.json()["access_token"]));
    return answer.status;
  };
  await eventually(ask, (status) => status === 503, 5);
  disk.empty();
  await eventually(ask, (status) => status === 200, 5);
  for (let token = 0; token < 3; token++) received.push(await fetchToken(client));
  await setDatabaseAway(world.server.database, false);
  await expectRows(world, received.map(jtiOf));
});
