import { expect, test } from "vitest";
import { type Command, type Program, readArguments } from "./arguments.ts";

const command = (options: Command["options"] = {}): Command => ({
  description: "Does it.",
  options,
  run: async () => {},
});
const program: Program = {
  name: "prog",
  description: "A program.",
  commands: {
    make: command({
      name: { value: "name", meaning: "its name", default: "root" },
      json: { meaning: "one line" },
    }),
    "log show": command(),
    "log check": command(),
  },
};
const read = (...words: string[]) => readArguments(program, words);

test("a command with its options → run, with what was given and the defaults", () => {
  expect(read("make", "--json")).toMatchObject({ kind: "run", given: { name: "root", json: true } });
  expect(read("make", "--name", "a")).toMatchObject({ kind: "run", given: { name: "a" } });
  expect(read("log", "show")).toMatchObject({ kind: "run", command: program.commands["log show"] });
});

test.each([
  [[], "A command is missing.", "log check"],
  [["nope"], "There is no command nope here.", "make"],
  [["constructor"], "There is no command constructor here.", "make"],
  [["log"], "A command is missing.", "log show"],
  [["log", "nope"], "There is no command nope here.", "log show"],
  [["make", "--nope"], "--nope", "--name <name>"],
  [["make", "extra"], "extra", "prog make"],
  [["make", "--name"], "--name", "--json"],
])("%j → a mistake, with what could be asked for", (words, problem, shown) => {
  const asked = readArguments(program, words);
  expect(asked.kind).toBe("mistake");
  expect(asked).toMatchObject({ problem: expect.stringContaining(problem), text: expect.stringContaining(shown) });
});

test.each([["--help"], ["help"], ["make", "-h"], ["log", "show", "--help"]])("%s %s → help", (...words) => {
  expect(readArguments(program, words.filter(Boolean)).kind).toBe("help");
});
