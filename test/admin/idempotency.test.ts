import { beforeAll, describe, expect, test } from "vitest";
import type { UserError } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import { inThisRun } from "../support/sample.ts";
import { useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, outcomeOf, ownWorkspace } from "./callers.ts";
import { cases } from "./cases.ts";
import { mutations } from "./contract.ts";
import { fresh, makePlace, type Place } from "./place.ts";
import { changedPlaces, tablesOf, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
let own: Place;
let owner: Caller;
let root: Caller;
let secondOwner: Caller;
let operators: readonly [Caller, Caller];

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  own = await makePlace(tenant);
  owner = await callerOf(world, tenant.adminClient);
  secondOwner = await newCaller(world, await ownWorkspace(tenant, "admin"), { role: "owner" });
  root = await callerOf(world, world.server.bootstrapped.system);
  const system = await ownWorkspace(tenant, "system");
  const operator = () => newCaller(world, system, { role: "operator" });
  operators = [await operator(), await operator()];
}, 120_000);

/** Who does it: an act of the System API is for the tenant's own operator, or for that of the installation. */
const callerFor = (name: string, api: "ADMIN" | "SYSTEM" | undefined): Caller =>
  api === "SYSTEM" ? (cases[name]?.inTenant ? operators[0] : root) : owner;

type Payload = Readonly<Record<string, unknown>> & { readonly userErrors: readonly UserError[] };

/** The payload without its errors and without what is shown once: what a repeated call answers alike. */
function thingsIn(answer: Answer, name: string): Readonly<Record<string, unknown>> {
  const { data } = answer.json() as { data: Record<string, Payload> };
  const { userErrors: _errors, secret: _secret, ...things } = data[name] ?? { userErrors: [] };
  return things;
}

const secretIn = (answer: Answer, name: string): unknown =>
  (answer.json() as { data: Record<string, Payload> }).data[name]?.["secret"];

const auditCount = async (): Promise<number> =>
  (await rows.select<{ count: number }>("select count(*)::int as count from audit_events"))[0]?.count ?? 0;

describe("[C3] a mutation called again with its clientMutationId", () => {
  test.each(inThisRun(mutations, 8).map((operation) => [operation.name, operation] as const))(
    "%s",
    async (name, { api }) => {
      const known = cases[name];
      if (!known) throw new Error(`${name} has no case`);
      const caller = callerFor(name, api);
      const clientMutationId = fresh("call");
      const input = { ...(await known.input(own, world)), clientMutationId };
      const first = await caller.call(name, input);
      expect([name, outcomeOf(first, name)]).toEqual([name, "done"]);

      const before = await rows.versions();
      const again = await caller.call(name, input);
      expect(changedPlaces(before, await rows.versions())).toEqual([]);
      expect(outcomeOf(again, name)).toBe(known.shows ? "ALREADY_SHOWN" : "done");
      expect(thingsIn(again, name)).toEqual(thingsIn(first, name));
      if (known.shows) {
        expect(secretIn(first, name)).toBeTruthy();
        expect(secretIn(again, name)).toBeNull();
      }

      const otherInput = { ...(await known.input(own, world)), clientMutationId };
      const beforeOther = await rows.versions();
      if (JSON.stringify(otherInput) !== JSON.stringify(input)) {
        expect(outcomeOf(await caller.call(name, otherInput), name)).toBe("MUTATION_ID_REUSED");
        expect(changedPlaces(beforeOther, await rows.versions())).toEqual([]);
        // Nobody over the wire makes a second operator of the installation.
        if (api === "ADMIN") expect(outcomeOf(await secondOwner.call(name, otherInput), name)).toBe("done");
      }
    },
  );

  test("every case makes another input each time, so that the reuse of an id was tried", async () => {
    const alike: string[] = [];
    for (const [name, { input }] of inThisRun(Object.entries(cases), 8)) {
      const [one, other] = [await input(own, world), await input(own, world)];
      if (JSON.stringify(one) === JSON.stringify(other)) alike.push(name);
    }
    // Their inputs name nothing new: the workspace is the caller's own.
    expect(alike).toEqual([]);
  }, 180_000);
});

describe("[C3] ten equal calls at once are one", () => {
  test.each(inThisRun(mutations, 8).map((operation) => [operation.name, operation] as const))(
    "%s",
    async (name, { api }) => {
      const known = cases[name];
      if (!known) throw new Error(`${name} has no case`);
      const caller = callerFor(name, api);
      const input = { ...(await known.input(own, world)), clientMutationId: fresh("call") };
      const [before, audited] = [await rows.versions(), await auditCount()];
      const answers = await Promise.all(Array.from({ length: 10 }, () => caller.call(name, input)));
      expect(tablesOf(changedPlaces(before, await rows.versions()))).toEqual(known.changes);
      expect((await auditCount()) - audited).toBe(known.visits ? 2 : 1);
      const outcomes = answers.map((answer) => outcomeOf(answer, name)).sort();
      const repeated = known.shows ? "ALREADY_SHOWN" : "done";
      expect(outcomes).toEqual([...Array.from({ length: 9 }, () => repeated), "done"].sort());
      for (const answer of answers) expect(thingsIn(answer, name)).toEqual(thingsIn(answers[0] as Answer, name));
      if (known.shows) expect(answers.filter((answer) => secretIn(answer, name) !== null)).toHaveLength(1);
    },
  );
});

describe("[C3] a refused call", () => {
  test("does not use its clientMutationId up", async () => {
    const clientMutationId = fresh("call");
    const input = { workspaceId: own.workspaceId, clientMutationId };
    expect(outcomeOf(await owner.call("createClient", { ...input, name: "" }), "createClient")).toBe("INVALID_INPUT");
    expect(outcomeOf(await owner.call("createClient", { ...input, name: "New" }), "createClient")).toBe("done");
  });

  test("an id is one caller's: another operator with the same id is another call", async () => {
    const clientMutationId = fresh("call");
    for (const [at, caller] of operators.entries()) {
      const input = { jwksMaxAge: 100 + at, clientMutationId };
      expect(outcomeOf(await caller.call("updateTenantSettings", input), "updateTenantSettings")).toBe("done");
    }
  });

  test("an id is one mutation's: another mutation with the same id is another call", async () => {
    const clientMutationId = fresh("call");
    const id = await own.client();
    expect(outcomeOf(await owner.call("disableClient", { id, clientMutationId }), "disableClient")).toBe("done");
    expect(outcomeOf(await owner.call("enableClient", { id, clientMutationId }), "enableClient")).toBe("done");
  });
});
