import { afterAll, beforeAll, expect } from "vitest";
import type { UserError } from "../support/graphql.ts";
import { type Answer, send } from "../support/http.ts";
import type { World } from "../support/world.ts";
import { type Caller, callerOf, newCaller, ownWorkspace } from "./callers.ts";
import { cases, type Input } from "./cases.ts";
import { mutations, type Operation, type Path, type Slot } from "./contract.ts";
import { makePlace, type Place } from "./place.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";

/** One thing that an answer says is wrong. */
export interface Said {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly fix?: string;
}

/** Nothing of the inside: no stack, no file, no library. */
const INSIDE = /\bat [\w.<>]+ \(|node_modules|\.ts:\d|\b(postgres|drizzle|zod)\b/i;

/** What an answer says is wrong, after making sure that it is a clear refusal. */
export function refusalsOf(answer: Answer): Said[] {
  expect(answer.status).toBeLessThan(500);
  expect(answer.body).not.toMatch(INSIDE);
  const { data, errors } = answer.json() as {
    data?: Record<string, { userErrors: UserError[] } | null> | null;
    errors?: { message: string; extensions: { code: string; correlationId: string } }[];
  };
  const top = (errors ?? []).map(({ message, extensions }) => ({ code: extensions.code, message, path: [] }));
  for (const { code } of top) expect(code).toMatch(/^(BAD_REQUEST|INVALID_INPUT)$/);
  const inside = Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
  for (const { fix } of inside) expect(fix.length).toBeGreaterThan(3);
  const all = [...top, ...inside];
  for (const { message } of all) {
    expect(message.length).toBeGreaterThan(9);
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
  return all;
}

/** A workspace, its owner and the root tenant's operator, and what they may expect when they send nonsense. */
export interface Refusals {
  readonly own: Place;
  readonly owner: Caller;
  /** A valid input; one that names the member at that place, where several exclude each other. */
  inputOf(operation: Operation, where?: Path): Promise<Input>;
  call(operation: Operation, input: unknown): Promise<Answer>;
  /** Sends it and expects a refusal that names where it is wrong. */
  refused(operation: Operation, input: unknown, where: Path, codes: RegExp): Promise<void>;
  /** Runs what must leave every row as it was. */
  changingNothing(run: () => Promise<void>): Promise<void>;
}

/** The mutation of that name. */
export function mutation(name: string): Operation {
  const found = mutations.find((operation) => operation.name === name);
  if (!found) throw new Error(`the schema has no ${name}`);
  return found;
}

/** Where a slot stands in the input. */
export const inside = (slot: Slot): Path => slot.path.slice(1);

/** The mutations that have such a slot, each with all of them, as a table of tests. */
export const mutationsWith = (keep: (slot: Slot) => boolean) =>
  mutations
    .map((operation) => [operation.name, operation, operation.slots.filter(keep)] as const)
    .filter(([, , slots]) => slots.length > 0);

/**
 * Sets the stage for one file. Whatever its tests send, the server has no unexpected error in its log and serves on.
 */
export function useRefusals(world: World): Refusals {
  const rows = useRows(world);
  let stage: { own: Place; owner: Caller; operator: Caller; root: Caller } | undefined;
  const on = () => {
    if (!stage) throw new Error("the stage is set before the first test");
    return stage;
  };
  beforeAll(async () => {
    const tenant = await world.tenant().ready();
    const root = await callerOf(world, world.server.bootstrapped.system);
    const operator = await newCaller(world, await ownWorkspace(tenant, "system"), { role: "operator" });
    stage = { own: await makePlace(tenant), owner: await callerOf(world, tenant.adminClient), operator, root };
  }, 120_000);
  afterAll(async () => {
    expect(world.server.log()).not.toContain("unexpected error");
    expect((await send(`${world.origin}/readyz`)).status).toBe(200);
  });
  const system = (name: string) => (cases[name]?.inTenant ? on().operator : on().root);
  const call: Refusals["call"] = ({ api, name }, input) =>
    (api === "SYSTEM" ? system(name) : on().owner).call(name, input);
  return {
    get own() {
      return on().own;
    },
    get owner() {
      return on().owner;
    },
    call,
    inputOf: async ({ name }, where = []) => {
      const known = cases[name];
      return (await (known?.instead?.[where.join(".")] ?? known?.input)?.(on().own, world)) ?? {};
    },
    refused: async (operation, input, where, codes) => {
      const [first] = refusalsOf(await call(operation, input));
      const label = `${operation.name} ${where.join(".")} ${JSON.stringify(input)?.slice(0, 300)}`;
      expect([label, first?.code]).toEqual([label, expect.stringMatching(codes)]);
      expectPlace(label, first, where);
    },
    changingNothing: async (run) => {
      const before = await rows.versions();
      await run();
      expect(changedByRefusal(changedPlaces(before, await rows.versions()), on().own.tenant.id)).toEqual([]);
    },
  };
}

/** A user error names the member in its path; graphql-js in its sentence. */
function expectPlace(label: string, said: Said | undefined, where: Path): void {
  const place = where.map((step) => (step === "*" ? "0" : step));
  if (said?.code === "BAD_REQUEST") {
    const member = place.findLast((step) => step !== "0") ?? "input";
    expect([label, said.message]).toEqual([label, expect.stringContaining(member)]);
  } else expect([label, said?.path.slice(0, place.length)]).toEqual([label, place]);
}
