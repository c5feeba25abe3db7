import { describe, expect, test } from "vitest";
import { chooseSigningKey, type Issuer, type SigningAlgorithm, type SigningKey, signingKeyState } from "./index.ts";

const now = new Date("2026-03-01T12:00:00Z");
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

type Minutes = Partial<Record<"publish" | "activate" | "retire" | "remove" | "revoked", number>>;

function key(kid: string, minutes: Minutes, alg: SigningAlgorithm = "ES256"): SigningKey {
  const optional = (value: number | undefined) => (value === undefined ? undefined : at(value));
  return {
    kid,
    alg,
    publicJwk: {},
    publishAt: at(minutes.publish ?? -100),
    activateAt: optional(minutes.activate),
    retireAt: optional(minutes.retire),
    removeAt: optional(minutes.remove),
    revokedAt: optional(minutes.revoked),
    privateKey: () => Promise.reject(new Error("not needed")),
  };
}

const chosen = (keys: SigningKey[], signingAlgorithm: SigningAlgorithm = "ES256") =>
  chooseSigningKey({ keys, signingAlgorithm } as unknown as Issuer, now, 900)?.kid;

describe("a key is", () => {
  test.each<[string, Minutes]>([
    ["planned", { publish: 1 }],
    ["next", { publish: 0 }],
    ["next", { activate: 1 }],
    ["active", { activate: 0 }],
    ["active", { activate: -1, retire: 1 }],
    ["retiring", { activate: -2, retire: 0, remove: 1 }],
    ["removed", { activate: -2, retire: -1, remove: 0 }],
    ["revoked", { activate: -1, revoked: 0 }],
  ])("%s by %j", (state, minutes) => expect(signingKeyState(key("k", minutes), now)).toBe(state));
});

describe("the key that signs is", () => {
  test("the active one of the chosen algorithm", () =>
    expect(chosen([key("rsa", { activate: -1 }, "RS256"), key("ec", { activate: -9 })])).toBe("ec"));

  test("the latest of two active ones", () =>
    expect(chosen([key("new", { activate: -1 }), key("old", { activate: -9 })])).toBe("new"));

  test("the former algorithm's while the new one's first key is too young", () =>
    expect(chosen([key("ec", { activate: -9 }), key("rsa", { activate: 5 }, "RS256")], "RS256")).toBe("ec"));

  describe("for a client with an algorithm of its own", () => {
    const ec = key("ec", { activate: -9 });
    const ed = key("ed", { activate: -5 }, "EdDSA");
    const rsa = key("rsa", { activate: -1 }, "RS256");
    const waiting = key("rsa", { activate: 1 }, "RS256");
    const issuer = (keys: SigningKey[], more = {}) =>
      ({ keys, signingAlgorithm: "ES256", ...more }) as unknown as Issuer;
    const own = { signingAlgorithm: "RS256", signingAlgorithmBefore: "EdDSA" } as const;

    test("that one's; the others' tokens stay as they were", () => {
      expect(chooseSigningKey(issuer([ec, rsa]), now, 900, own)?.kid).toBe("rsa");
      expect(chooseSigningKey(issuer([ec, rsa]), now, 900, {})?.kid).toBe("ec");
      expect(chooseSigningKey(issuer([ec, rsa]), now, 900)?.kid).toBe("ec");
    });

    test("while its first key waits: what it had before, else the issuer's", () => {
      expect(chooseSigningKey(issuer([ec, ed, waiting]), now, 900, own)?.kid).toBe("ed");
      expect(chooseSigningKey(issuer([ec, waiting]), now, 900, own)?.kid).toBe("ec");
    });

    test("an issuer that waits itself: its own former one, not one that a client chose", () => {
      const moving = issuer([ec, rsa, key("ed", { activate: 1 }, "EdDSA")], {
        signingAlgorithm: "EdDSA",
        signingAlgorithmBefore: "ES256",
      });
      expect(chooseSigningKey(moving, now, 900)?.kid).toBe("ec");
      expect(chooseSigningKey(moving, now, 900, own)?.kid).toBe("rsa");
    });
  });

  test("one that should have retired, where no other is active", () => {
    expect(chosen([key("old", { activate: -9, retire: -1 }), key("next", { activate: 1 })])).toBe("old");
    expect(chosen([key("old", { activate: -9, retire: -1, remove: 60 })])).toBe("old");
  });

  test("an active one of another algorithm rather than a retired one of the chosen", () =>
    expect(chosen([key("old", { activate: -2, retire: -1 }), key("rsa", { activate: -9 }, "RS256")])).toBe("rsa"));

  test("none that is removed before the token ends", () =>
    expect(chosen([key("old", { activate: -9, retire: -1, remove: 14 })])).toBeUndefined());

  test("none that is revoked, removed, planned or never activated", () =>
    expect(
      chosen([
        key("revoked", { activate: -1, revoked: -1 }),
        key("removed", { activate: -1, remove: -1 }),
        key("planned", { publish: 1, activate: 2 }),
        key("published", {}),
      ]),
    ).toBeUndefined());
});
