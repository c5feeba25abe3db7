import type { Actor } from "@mintmark/domain";
import { expect, it, vi } from "vitest";
import { batched } from "./load.ts";

const actor = () => ({ correlationId: "req_1" }) as unknown as Actor;

it("loads what is asked for at one moment together, each id once, and keeps nothing", async () => {
  const many = vi.fn(async (_: Actor, ids: readonly string[]) => ids.map((id) => `thing ${id}`));
  const load = batched(many);
  const me = actor();
  expect(await Promise.all([load(me, "a"), load(me, "b"), load(me, "a")])).toEqual(["thing a", "thing b", "thing a"]);
  expect(many.mock.calls).toEqual([[me, ["a", "b"]]]);
  expect(await load(me, "a")).toBe("thing a");
  expect(many).toHaveBeenCalledTimes(2);
});

it("never mixes two requests", async () => {
  const many = vi.fn(async (_: Actor, ids: readonly string[]) => ids);
  const load = batched(many);
  await Promise.all([load(actor(), "a"), load(actor(), "b")]);
  expect(many).toHaveBeenCalledTimes(2);
});

it("fails for everybody who waits", async () => {
  const load = batched<string>(() => Promise.reject(new Error("away")));
  const me = actor();
  const answers = await Promise.allSettled([load(me, "a"), load(me, "b")]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
