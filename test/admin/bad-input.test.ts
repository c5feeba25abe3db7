import { describe, expect, test } from "vitest";
import { inThisRun } from "../support/sample.ts";
import { useWorld } from "../support/world.ts";
import type { Input } from "./cases.ts";
import { mutations, type Slot, withValue } from "./contract.ts";
import { inside, mutation, mutationsWith, refusalsOf, useRefusals } from "./refusals.ts";
import { rowScalars } from "./row-scalars.ts";

// Generated from the schema: a new mutation, or a new member of one, is tried without being named here.
const world = useWorld();
const stage = useRefusals(world);
const every = mutations.map((operation) => [operation.name, operation] as const);

describe("incident 8: unknown and privileged members → refused by name, nothing stored", () => {
  const privileged: Input = {
    tenantId: "ten_00000000",
    tenant_id: "ten_00000000",
    role: "owner",
    roles: ["owner"],
    kind: "admin",
    isSystem: true,
    is_system: true,
    isBuiltIn: true,
    isOwnApi: true,
    isRoot: true,
    status: "active",
    settings: {},
    digest: "00",
    createdAt: "2020-01-01T00:00:00Z",
    __proto__x: {},
    constructor: {},
    nonsense: 1,
  };

  test.each(inThisRun(every, 10))("%s", async (_, operation) => {
    const known = new Set(operation.slots.map((slot) => inside(slot)[0]));
    const unknown = Object.entries(privileged).filter(([member]) => !known.has(member));
    const input = { ...(await stage.inputOf(operation)), ...Object.fromEntries(unknown) };
    await stage.changingNothing(async () => {
      const said = refusalsOf(await stage.call(operation, input));
      // Each of them is named: not the first one alone is refused.
      for (const [member] of unknown)
        expect(said.filter(({ message }) => message.includes(`"${member}"`)).map(({ code }) => code)).toEqual([
          "BAD_REQUEST",
        ]);
    });
  });

  test("inside a nested input too", async () => {
    const operation = mutation("createResource");
    const input = { ...(await stage.inputOf(operation)), scopes: [{ name: "a:read", isOwnApi: true }] };
    await stage.changingNothing(() => stage.refused(operation, input, ["isOwnApi"], /^BAD_REQUEST$/));
  });
});

describe("null and absent where something is needed", () => {
  const isNeeded = ({ path, isRequired }: Slot) =>
    isRequired && path.length >= 2 && path.slice(2).every((step) => step === "*");

  test.each(inThisRun(mutationsWith(isNeeded), 10))("%s", async (_, operation, slots) => {
    const input = await stage.inputOf(operation);
    await stage.changingNothing(async () => {
      for (const [member = ""] of slots.map(inside)) {
        const { [member]: _left, ...without } = input;
        for (const wrong of [{ ...input, [member]: null }, without])
          await stage.refused(operation, wrong, [member], /^BAD_REQUEST$/);
      }
      for (const wrong of [null, [], "text"])
        expect(refusalsOf(await stage.call(operation, wrong)).length).toBeGreaterThan(0);
    });
  });
});

describe("values of another kind", () => {
  test.each(
    inThisRun(
      mutationsWith(({ path, type }) => path.length >= 2 && !type.endsWith("Input")),
      8,
    ),
  )("%s", async (_, operation, slots) => {
    const input = await stage.inputOf(operation);
    await stage.changingNothing(async () => {
      for (const slot of slots) {
        for (const value of slot.type === "Boolean" ? ["true", {}] : [{}, true, 1.5]) {
          const answer = await stage.call(operation, withValue(input, inside(slot), value));
          const label = `${inside(slot).join(".")} ${JSON.stringify(value)}`;
          expect([label, refusalsOf(answer).length]).not.toEqual([label, 0]);
        }
      }
    });
  });
});

describe("ids that are none", () => {
  const wrong = [
    "",
    " ",
    "nonsense",
    "cli_",
    "../..",
    "' or 1=1 --",
    "a\u0000b",
    "\ud800",
    "x".repeat(65),
    "x".repeat(5000),
    "ten_000000000000",
  ];

  test.each(
    inThisRun(
      mutationsWith(({ type }) => type in rowScalars),
      8,
    ),
  )("%s", async (_, operation, slots) => {
    const inputs = await Promise.all(slots.map((slot) => stage.inputOf(operation, inside(slot))));
    await stage.changingNothing(async () => {
      for (const [at, slot] of slots.entries()) {
        const put = (value: string) => withValue(inputs[at] ?? {}, inside(slot), value);
        for (const value of wrong)
          await stage.refused(operation, put(value), inside(slot), /^(NOT_FOUND|INVALID_INPUT)$/);
        // An id of another kind is as good as none.
        const other = slot.type === "WorkspaceId" ? stage.own.tenant.id : stage.own.workspaceId;
        await stage.refused(operation, put(other), inside(slot), /^NOT_FOUND$/);
      }
    });
  });
});

describe("incident 18: names and descriptions with characters that nobody sees", () => {
  const unseen = {
    control: "a\u0007b",
    escape: "a\u001b[31mb",
    NUL: "a\u0000b",
    bidi: "a\u202eb",
    isolate: "a\u2066b",
    "zero-width": "a\u200bb",
    joiner: "a\u2060b",
    "soft hyphen": "a\u00adb",
    BOM: "a\ufeffb",
    surrogate: "a\ud800b",
    "line separator": "a\u2028b",
  };

  test.each(
    mutationsWith(({ type, path }) => type === "String" && ["name", "description"].includes(path.at(-1) ?? "")),
  )("%s", async (_, operation, slots) => {
    const input = await stage.inputOf(operation);
    await stage.changingNothing(async () => {
      for (const slot of slots) {
        const isName = slot.path.at(-1) === "name";
        const bad = [
          ...Object.values(unseen),
          "x".repeat(isName ? 101 : 1001),
          "x".repeat(50_000),
          ...(isName ? ["a\nb"] : []),
        ];
        // A secret's name may be left empty; a thing's may not.
        if (isName && slot.isRequired) bad.push("", "   ", "\u3000");
        for (const value of bad)
          await stage.refused(operation, withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
      }
    });
  });

  test("a name at its limits is kept as it was written, composed", async () => {
    for (const [name, kept] of [
      ["é".normalize("NFD"), "é"],
      ["  padded  ", "padded"],
      ["x".repeat(100), "x".repeat(100)],
      ["日本語 🗝", "日本語 🗝"],
    ]) {
      const made = await stage.owner.graphql.must(
        "createClient",
        { workspaceId: stage.own.workspaceId, name },
        "client { name }",
      );
      expect(made["client"]).toEqual({ name: kept });
    }
  });
});

describe("instants", () => {
  test.each(inThisRun(mutationsWith(({ type }) => type === "DateTime")))("%s", async (_, operation, slots) => {
    const input = await stage.inputOf(operation);
    await stage.changingNothing(async () => {
      for (const slot of slots) {
        const wrong = [
          "",
          "tomorrow",
          "0",
          "2027-01-31",
          "2027-13-01T00:00:00Z",
          "2027-02-30T00:00:00Z",
          "+275761-01-01T00:00:00Z",
        ];
        if (slot.path.at(-1) === "expiresAt")
          wrong.push("2020-01-01T00:00:00Z", new Date(Date.now() - 1000).toISOString());
        for (const value of wrong)
          await stage.refused(operation, withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
      }
    });
  });
});

describe("numbers", () => {
  test.each(inThisRun(mutationsWith(({ type }) => type === "Int")))("%s", async (_, operation, slots) => {
    const input = await stage.inputOf(operation);
    await stage.changingNothing(async () => {
      for (const slot of slots) {
        const put = (value: unknown) => withValue(input, inside(slot), value);
        for (const value of [-1, 0, 2 ** 31 - 1])
          await stage.refused(operation, put(value), inside(slot), /^INVALID_INPUT$/);
        for (const value of [2 ** 31, 1e100, "5"])
          await stage.refused(operation, put(value), inside(slot), /^BAD_REQUEST$/);
      }
    });
  });
});

describe("a clientMutationId", () => {
  test.each(inThisRun(every, 10))("of %s has 1-128 characters, all of them seen", async (_, operation) => {
    const input = await stage.inputOf(operation);
    await stage.changingNothing(async () => {
      for (const clientMutationId of ["", "x".repeat(129), "a\u0000b", "\ud800"])
        await stage.refused(operation, { ...input, clientMutationId }, ["clientMutationId"], /^INVALID_INPUT$/);
    });
  });
});
