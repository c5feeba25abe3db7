import { expect, test } from "vitest";
import { found, grouped, score, stillFound } from "./search.ts";
import type { Command } from "./types.ts";

const command = (group: string, label: string): Command => ({ id: label, group, label, run: () => undefined });
const ALL = [
  command("Go to", "Clients"),
  command("Go to", "Audit log"),
  command("Actions", "Create client"),
  command("Actions", "Switch theme"),
];

test("a start beats a later word beats a middle beats scattered letters", () => {
  expect(score("cli", "Clients")).toBeGreaterThan(score("cli", "Create client"));
  expect(score("cli", "Create client")).toBeGreaterThan(score("lient", "Create client"));
  expect(score("lient", "Create client")).toBeGreaterThan(score("ctc", "Create client"));
  expect(score("zz", "Clients")).toBe(0);
  expect(score("z", "Clients")).toBe(0);
});

test("an empty query finds everything in its order", () => {
  expect(found(ALL, "", "Actions").map((one) => one.label)).toEqual(ALL.map((one) => one.label));
});

test("the group with the best answer comes first and stays together", () => {
  expect(grouped(found(ALL, "create", "Actions")).map((one) => one.group)).toEqual(["Actions"]);
  expect(found(ALL, "cl", "Actions").map((one) => one.label)).toEqual(["Clients", "Create client"]);
});

test("> keeps actions only", () => {
  expect(found(ALL, ">", "Actions").map((one) => one.label)).toEqual(["Create client", "Switch theme"]);
});

test("letters follow before the server has answered → what it found before stays only where it answers them", () => {
  const remote = ["invoice-renderer", "inbox"].map((label) => ({
    id: label,
    label,
    group: "Clients",
    run: () => undefined,
  }));
  const labels = (typed: string) => stillFound(remote, "in", typed).map(({ label }) => label);
  expect(labels(" In ")).toEqual(["invoice-renderer", "inbox"]);
  expect(labels("inv")).toEqual(["invoice-renderer"]);
  expect(labels("delete")).toEqual([]);
});
