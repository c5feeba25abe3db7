import { expect, test } from "vitest";
import { keyAlarm } from "./key-alarm.ts";
import type { KeyPolicy, ScheduledKey } from "./key-plan.ts";

const start = new Date("2027-01-01T00:00:00Z");
const days = (count: number) => new Date(start.getTime() + count * 86_400_000);
const policy: KeyPolicy = { alg: "ES256", maxAge: 300, lifetime: 90 };
const key = (kid: string, more: Partial<ScheduledKey> = {}): ScheduledKey => ({
  kid,
  alg: "ES256",
  publishAt: start,
  activateAt: start,
  retireAt: undefined,
  removeAt: undefined,
  revokedAt: undefined,
  ...more,
});
const next = key("next", { activateAt: days(90) });

test.each<[string, ScheduledKey[], number, ReturnType<typeof keyAlarm>, KeyPolicy["ofClients"]?]>([
  ["a key and its successor", [key("a"), next], 10, undefined],
  ["a key alone", [key("a")], 10, { kid: "a", endsAt: days(90) }],
  ["a key that was to retire sooner", [key("a", { retireAt: days(20) })], 10, { kid: "a", endsAt: days(20) }],
  ["a key alone whose time is over", [key("a")], 100, { kid: "a", endsAt: days(90) }],
  [
    "a successor that was revoked",
    [key("a"), key("b", { ...next, revokedAt: start })],
    10,
    { kid: "a", endsAt: days(90) },
  ],
  [
    "a successor of a former algorithm",
    [key("a"), key("b", { ...next, alg: "RS256" })],
    10,
    { kid: "a", endsAt: days(90) },
  ],
  [
    "a key of a former algorithm, and the first of the chosen one waits",
    [key("a", { alg: "RS256" }), next],
    10,
    undefined,
  ],
  [
    "an algorithm that a client chose has no successor",
    [key("a"), next, key("rsa", { alg: "RS256" })],
    10,
    { kid: "rsa", endsAt: days(90) },
    ["RS256"],
  ],
  ["nobody signs", [key("a", { revokedAt: start }), next], 10, { kid: null, endsAt: null }],
  ["no key", [], 10, { kid: null, endsAt: null }],
])("%s", (_, keys, day, alarm, ofClients) => {
  expect(keyAlarm(keys, { ...policy, ofClients }, days(day))).toEqual(alarm);
});
