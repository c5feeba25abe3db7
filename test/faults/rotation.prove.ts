import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { send } from "../support/http.ts";
import { withShortLivedKeySets } from "../support/short-lived-key-sets.ts";
import { decodeJwt, fetchToken } from "../support/token.ts";
import { useBalancedWorld } from "./balanced.ts";
import { rank, spread } from "./many-clients.ts";
import { verifiersOf, verifyWhileRotating } from "./rotated-keys.ts";

const balancedWorld = useBalancedWorld();
const say = (words: string) => process.stdout.write(`${words}\n`);
const ROTATIONS = 20;
const REVOCATIONS = 15;

test.each(["ES256", "EdDSA", "RS256"])(
  "three servers behind a load balancer, %s: no verifier refuses a token while the keys rotate again and again",
  async (signingAlgorithm) => {
    const { workspace } = await withShortLivedKeySets(balancedWorld.world, async () => ({
      workspace: await balancedWorld.workspace(),
    }));
    await workspace.admin.must(
      "updateWorkspaceSettings",
      { workspaceId: workspace.id, signingAlgorithm },
      "__typename",
    );
    const client = balancedWorld.balanced(await workspace.addClient());
    const jwksUri = client.tokenEndpoint.replace("oauth2/token", ".well-known/jwks.json");
    const audience = workspace.resource("orders").identifier;
    const found = await verifyWhileRotating(
      client,
      verifiersOf({ jwksUri, issuer: workspace.issuer, audience }, 1),
      () => workspace.admin.must("rotateSigningKey", { workspaceId: workspace.id }, "workspace { id }"),
      ROTATIONS,
    );
    const { tokens, verifications, failures, kids } = found;
    say(
      `${signingAlgorithm}, key set kept for 1 s: ${kids.length} keys signed ${tokens} tokens; ` +
        `${verifications} verifications by three verifiers, ${failures.length} refused`,
    );
    expect(failures).toEqual([]);
    expect(kids.length).toBe(ROTATIONS + 1);
  },
);

test("[A8] an emergency: how soon a revoked key has left the set of all servers, and the next one signs", async () => {
  const workspace = await balancedWorld.workspace();
  const client = await workspace.addClient();
  const everywhere = balancedWorld.everywhere(client);
  const times: number[] = [];
  for (let round = 0; round < REVOCATIONS; round++) {
    const kid = String(decodeJwt(await fetchToken(client)).header["kid"]);
    for (const one of everywhere) await fetchToken(one);
    await workspace.admin.must("revokeSigningKey", { workspaceId: workspace.id, kid }, "workspace { id }");
    const began = performance.now();
    const gone = everywhere.map(async (one) => {
      const uri = one.tokenEndpoint.replace("oauth2/token", ".well-known/jwks.json");
      while ((await send(uri)).body.includes(kid)) await pause(2);
      expect(decodeJwt(await fetchToken(one)).header["kid"]).not.toBe(kid);
      times.push(performance.now() - began);
    });
    await Promise.all(gone);
  }
  say(`Revoked ${REVOCATIONS} signing keys: gone from the set and from signing at three servers: ${spread(times)}`);
  expect(rank(times, 1)).toBeLessThan(5000);
});
