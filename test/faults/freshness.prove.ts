import { expect, test } from "vitest";
import { changeAround, type Found, useBalancedWorld, writeAtOnce } from "./balanced.ts";
import { rank, spread } from "./many-clients.ts";

const balancedWorld = useBalancedWorld();
const say = (words: string) => process.stdout.write(`${words}\n`);

/** Says how soon each kind of change reached all servers. */
function report(how: string, { refused, taken }: Found): readonly number[] {
  for (const [what, times] of taken) say(`${how}: ${what}, ${times.length} times: ${spread(times)}`);
  const all = [...taken.values()].flat();
  say(`${how}: all of them: ${spread(all)}; refused just after it was made: ${refused.length}`);
  expect(refused).toEqual([]);
  return all;
}

test("[A8] three servers behind a load balancer: how soon what is taken back is refused by all", async () => {
  const workspace = await balancedWorld.workspace();
  await changeAround(balancedWorld, workspace, 3);
  const notified = report("With NOTIFY", await changeAround(balancedWorld, workspace, 40));
  // What listens is held back, silently; what polls is not.
  balancedWorld.link.cut("listen");
  const polled = report("NOTIFY cut at two of three", await changeAround(balancedWorld, workspace, 30));
  balancedWorld.link.mend();
  expect(rank(notified, 0.99)).toBeLessThan(250);
  // A second, and a query on a busy machine.
  expect(rank(polled, 0.99)).toBeLessThan(1100);
});

test("sixteen writers with delays and roll-backs: no change is missed", async () => {
  const { made, rolledBack, wrong, gaps } = await writeAtOnce(balancedWorld, 20);
  say(
    `Sixteen writers for 20 s: ${made} clients made, ${rolledBack} transactions rolled back; ` +
      `${wrong.length} refused or missed, ${gaps} gaps in the feed`,
  );
  expect({ wrong, gaps }).toEqual({ wrong: [], gaps: 0 });
});
