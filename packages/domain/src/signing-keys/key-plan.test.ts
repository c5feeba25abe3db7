import { chooseSigningKey, isPublished, type SigningAlgorithm, type SigningKey } from "@mintmark/token-issuer";
import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  firstThatSigns,
  firstUse,
  type KeyPlan,
  type KeyPolicy,
  planChoice,
  planRevocation,
  planRotation,
  planUpkeep,
  type ScheduledKey,
} from "./key-plan.ts";

const start = new Date("2027-01-01T00:00:00Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const DAY = 86_400;
const policy: KeyPolicy = { alg: "ES256", maxAge: 300, lifetime: 90 };

const first: ScheduledKey = {
  kid: "first",
  alg: "ES256",
  publishAt: start,
  activateAt: start,
  retireAt: undefined,
  removeAt: undefined,
  revokedAt: undefined,
};

/** The rows after a plan was written. */
function written(keys: readonly ScheduledKey[], plan: KeyPlan): ScheduledKey[] {
  const moves = new Map(plan.moves.map((move) => [move.kid, move]));
  const made = plan.make.map((key, index) => ({
    ...key,
    kid: `key ${keys.length + index}`,
    revokedAt: undefined,
  }));
  return [...keys.map((key) => ({ ...key, ...moves.get(key.kid) })), ...made];
}

const nothing: KeyPlan = { moves: [], make: [] };
const summary = (keys: readonly ScheduledKey[]) =>
  keys.map(({ kid, publishAt, activateAt, retireAt, removeAt, revokedAt }) =>
    [kid, publishAt, activateAt, retireAt, removeAt, revokedAt].map((value) =>
      value instanceof Date ? (value.getTime() - start.getTime()) / 1000 : value,
    ),
  );

describe("upkeep", () => {
  test("a lone key gets a published successor that begins when its life ends", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    expect(summary(keys)).toEqual([
      ["first", 0, 0, 90 * DAY, 91 * DAY + 60, undefined],
      ["key 1", 0, 90 * DAY, undefined, undefined, undefined],
    ]);
  });

  test("what is as it should be is left alone", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    expect(planUpkeep(keys, policy, at(10 * DAY))).toEqual(nothing);
  });

  test("no key at all: one that signs at once, and its successor", () => {
    const keys = written([], planUpkeep([], policy, start));
    expect(summary(keys)).toEqual([
      ["key 0", 0, 0, 90 * DAY, 91 * DAY + 60, undefined],
      ["key 1", 0, 90 * DAY, undefined, undefined, undefined],
    ]);
  });

  test("an overdue key signs on until its successor was published for twice the max-age", () => {
    const keys = written([first], planUpkeep([first], policy, at(100 * DAY)));
    expect(summary(keys)[1]).toEqual(["key 1", 100 * DAY, 100 * DAY + 600, undefined, undefined, undefined]);
  });

  test("a longer max-age moves a successor that would begin too early", () => {
    const keys = written([first], planRotation([first], policy, at(60)));
    const longer = written(keys, planUpkeep(keys, { ...policy, maxAge: 3600 }, at(61)));
    expect(longer.map((key) => key.activateAt)).toEqual([start, at(60 + 7200)]);
  });

  test("keys of a former algorithm retire when the chosen one signs, and their unused successor leaves", () => {
    const former = written([first], planUpkeep([first], policy, start));
    const chosen: ScheduledKey = { ...first, kid: "chosen", alg: "EdDSA", publishAt: at(100), activateAt: at(700) };
    const eddsa = { ...policy, alg: "EdDSA" } as const;
    const planned = written([...former, chosen], planUpkeep([...former, chosen], eddsa, at(200)));
    expect(summary(planned).slice(0, 2)).toEqual([
      ["first", 0, 0, 700, 700 + DAY + 60, undefined],
      ["key 1", 0, 90 * DAY, undefined, undefined, undefined],
    ]);
    const after = written(planned, planUpkeep(planned, eddsa, at(700)));
    expect(summary(after).slice(0, 2)).toEqual([
      ["first", 0, 0, 700, 700 + DAY + 60, undefined],
      ["key 1", 0, 90 * DAY, undefined, 700, undefined],
    ]);
  });
});

describe("rotation", () => {
  test("a successor that every cache has signs at once, and has a successor itself", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    const rotated = written(keys, planRotation(keys, policy, at(601)));
    expect(summary(rotated)).toEqual([
      ["first", 0, 0, 601, 601 + DAY + 60, undefined],
      ["key 1", 0, 601, 601 + 90 * DAY, 601 + 91 * DAY + 60, undefined],
      ["key 2", 601, 601 + 90 * DAY, undefined, undefined, undefined],
    ]);
  });

  test("a successor that was published a moment ago waits", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    const rotated = written(keys, planRotation(keys, policy, at(10)));
    expect(rotated.map((key) => key.activateAt)).toEqual([start, at(600)]);
  });
});

describe("a client chose an algorithm of its own", () => {
  const both = { ...policy, ofClients: ["RS256"] } as const;
  const alone = written([first], planUpkeep([first], policy, start));
  const chosen = written(alone, planChoice(alone, both, at(100)));
  const byAlg = (keys: readonly ScheduledKey[], alg: string) => summary(keys.filter((key) => key.alg === alg));

  test("its first key is published at once, waits for the caches, and moves nobody else's", () => {
    expect(byAlg(chosen, "RS256")).toEqual([["key 2", 100, 700, undefined, undefined, undefined]]);
    const after = written(chosen, planUpkeep(chosen, both, at(600)));
    expect(byAlg(after, "RS256")).toEqual([
      ["key 2", 100, 700, undefined, undefined, undefined],
      ["key 3", 600, 700 + 90 * DAY, undefined, undefined, undefined],
    ]);
    expect(byAlg(written(after, planUpkeep(after, both, at(701))), "ES256")).toEqual(byAlg(alone, "ES256"));
    expect(firstUse(after, "RS256", at(699))).toEqual(at(700));
    expect(firstThatSigns(after, ["RS256", "ES256"], at(699))).toBe("ES256");
    expect(firstUse(after, "RS256", at(700))).toBeUndefined();
    expect(firstThatSigns(after, ["RS256", "ES256"], at(700))).toBe("RS256");
  });

  const both700 = written(chosen, planUpkeep(chosen, both, at(700)));

  test("rotation and revocation are of one algorithm; the other one's keys stay as they were", () => {
    for (const plan of [
      planRotation(both700, both, at(5000), "RS256"),
      planRevocation(both700, "key 2", both, at(5000)),
    ]) {
      const after = written(both700, plan);
      expect(byAlg(after, "RS256").map(([kid, , activate]) => [kid, activate])).toEqual([
        ["key 2", 700],
        ["key 3", 5000],
        ["key 4", 5000 + 90 * DAY],
      ]);
      expect(byAlg(after, "ES256")).toEqual(byAlg(alone, "ES256"));
    }
    const workspace = written(both700, planRevocation(both700, "first", both, at(5000)));
    expect(workspace.find(({ kid }) => kid === "key 1")?.activateAt).toEqual(at(5000));
    expect(byAlg(workspace, "RS256")).toEqual(byAlg(both700, "RS256"));
  });

  test("a former algorithm is revoked while two wait for it: both begin at once", () => {
    const moved = { ...both, alg: "EdDSA" } as const;
    const waiting = written(chosen, planUpkeep(chosen, moved, at(200)));
    const after = written(waiting, planRevocation(waiting, "first", moved, at(300)));
    const begun = after.filter((key) => key.activateAt && key.activateAt <= at(300) && !key.revokedAt);
    expect(new Set(begun.map(({ alg }) => alg))).toEqual(new Set(["EdDSA", "RS256"]));
  });

  test("chosen again after its key has retired: its published successor begins as soon as caches have it, and not in 90 days", () => {
    const other = { ...policy, ofClients: ["EdDSA"] } as const;
    const turned = written(both700, planUpkeep(both700, other, at(5000)));
    for (const plan of [planChoice, planUpkeep]) {
      const again = written(turned, plan(turned, { ...other, ofClients: ["EdDSA", "RS256"] }, at(6000)));
      expect(byAlg(again, "RS256").map(([kid, , activate]) => [kid, activate])).toEqual([
        ["key 2", 700],
        ["key 3", 6000],
        ["key 6", 6000 + 90 * DAY],
      ]);
      expect(firstThatSigns(again, ["RS256"], at(6000))).toBe("RS256");
    }
  });

  test("nobody has it any more: its key retires and its successor leaves; a former one stays while another waits", () => {
    const dropped = written(both700, planUpkeep(both700, policy, at(5000)));
    expect(byAlg(dropped, "RS256")).toEqual([
      ["key 2", 100, 700, 5000, 5000 + DAY + 60, undefined],
      ["key 3", 700, 700 + 90 * DAY, undefined, 5000, undefined],
    ]);
    const other = { ...policy, ofClients: ["EdDSA"] } as const;
    const turned = written(both700, planUpkeep(both700, other, at(5000)));
    expect(byAlg(turned, "RS256")).toEqual([
      ["key 2", 100, 700, 5600, 5600 + DAY + 60, undefined],
      ["key 3", 700, 700 + 90 * DAY, undefined, undefined, undefined],
    ]);
  });
});

describe("caches may be kept for less", () => {
  const lowered = { ...policy, maxAge: 1, lowered: { at: at(20), before: 300 } };

  test("a successor published before is in every cache when twice the former time has passed", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    const rotated = written(keys, planRotation(keys, lowered, at(25)));
    expect(rotated.map((key) => key.activateAt)).toEqual([start, at(600)]);
  });

  test("one published since waits for the caches of before; later ones do not", () => {
    const keys = written([first], planUpkeep([first], lowered, at(25)));
    const rotated = written(keys, planRotation(keys, lowered, at(30)));
    expect(rotated[1]?.activateAt).toEqual(at(620));
    const late = written([first], planUpkeep([first], lowered, at(1000)));
    expect(written(late, planRotation(late, lowered, at(1001)))[1]?.activateAt).toEqual(at(1002));
  });
});

describe("revocation", () => {
  test("of the key that signs: its successor begins before its time", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    const after = written(keys, planRevocation(keys, "first", policy, at(5)));
    expect(after.map((key) => [key.kid, key.activateAt, key.revokedAt])).toEqual([
      ["first", start, at(5)],
      ["key 1", at(5), undefined],
      ["key 2", at(5 + 90 * DAY), undefined],
    ]);
  });

  test("of the successor: another one takes its place, and the signing key stays", () => {
    const keys = written([first], planUpkeep([first], policy, start));
    const after = written(keys, planRevocation(keys, "key 1", policy, at(5)));
    expect(after.map((key) => [key.kid, key.activateAt, key.retireAt, key.revokedAt])).toEqual([
      ["first", start, at(90 * DAY), undefined],
      ["key 1", at(90 * DAY), undefined, at(5)],
      ["key 2", at(90 * DAY), undefined, undefined],
    ]);
  });

  test("of a lone key: another one signs at once", () => {
    const after = written([first], planRevocation([first], "first", policy, at(5)));
    expect(after[1]?.activateAt).toEqual(at(5));
  });
});

describe("whatever happens in whatever order", () => {
  const acts = record({
    act: constantFrom("upkeep", "rotate", "revoke"),
    alg: constantFrom("ES256" as const, "ES256" as const, "EdDSA" as const),
    ofClients: constantFrom([], [], ["RS256" as const], ["EdDSA" as const, "RS256" as const]),
    maxAge: constantFrom(1, 300, 300, 3600),
    wait: constantFrom(0, 1, 59, 600, 7200, DAY, 45 * DAY, 100 * DAY),
    which: integer({ min: 0, max: 20 }),
  });
  const issuerOf = (keys: readonly ScheduledKey[], signingAlgorithm: SigningAlgorithm) =>
    ({ signingAlgorithm, keys: keys as readonly SigningKey[] }) as Parameters<typeof chooseSigningKey>[0];

  test("somebody can sign, with a key that caches know, and no key leaves before its last token is over", () => {
    assert(
      property(array(acts, { minLength: 1, maxLength: 12 }), (steps) => {
        let keys: ScheduledKey[] = [];
        let now = start;
        const lastSigned = new Map<string, Date>();
        for (const { act, alg, ofClients, maxAge, wait, which } of steps) {
          const wanted = { alg, ofClients, maxAge, lifetime: 90 };
          const one = keys[which % Math.max(1, keys.length)]?.kid ?? "";
          const plan =
            act === "upkeep"
              ? planUpkeep(keys, wanted, now)
              : act === "rotate"
                ? planRotation(keys, wanted, now)
                : planRevocation(keys, one, wanted, now);
          const isEmergency = act === "revoke" || keys.length === 0;
          const before = new Set(keys.filter((key) => isPublished(key as SigningKey, now)).map(({ kid }) => kid));
          keys = written(keys, plan);
          const signing = chooseSigningKey(issuerOf(keys, alg), now, 900);
          expect(signing, "a key that signs").toBeDefined();
          if (!isEmergency && before.size > 0) expect(before, "published before it signs").toContain(signing?.kid);
          expect(
            keys.some((key) => isPublished(key as SigningKey, now) && key.activateAt && key.activateAt > now),
          ).toBe(true);
          lastSigned.set(signing?.kid ?? "", now);
          for (const [kid, last] of lastSigned) {
            const key = keys.find((candidate) => candidate.kid === kid);
            if (!key || key.revokedAt) continue;
            if (now.getTime() - last.getTime() < DAY * 1000) expect(isPublished(key as SigningKey, now)).toBe(true);
          }
          now = new Date(now.getTime() + wait * 1000);
        }
      }),
      { numRuns: Number(process.env["MINTMARK_PROPERTY_RUNS"] ?? 300) },
    );
  });
});
