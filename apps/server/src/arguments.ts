import { parseArgs } from "node:util";

/** An option of a command: a flag, or a text where `value` names what is given. */
interface Option {
  readonly value?: string;
  readonly meaning: string;
  readonly default?: string;
}

/** What was given of a command's options, by name. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** A command of the program, e.g. `owner reset`. */
export interface Command {
  readonly description: string;
  readonly options?: Readonly<Record<string, Option>>;
  readonly run: (given: Given) => Promise<void>;
}

/** What a command line asks for. */
export type Asked =
  | { readonly kind: "run"; readonly command: Command; readonly given: Given }
  | { readonly kind: "help"; readonly text: string }
  /** It cannot be understood: why, and what could. */
  | { readonly kind: "mistake"; readonly problem: string; readonly text: string };

/** A program and its commands by name; a name of two words is a command of a group. */
export interface Program {
  readonly name: string;
  readonly description: string;
  readonly commands: Readonly<Record<string, Command>>;
}

/** Reads a command line, without the program's own name. */
export function readArguments(program: Program, words: readonly string[]): Asked {
  const { name, rest } = commandNamed(program, words);
  const command = program.commands[name];
  const text = command ? helpOf(program, name, command) : overview(program, name);
  const isHelp = rest.some((word) => word === "--help" || word === "-h") || rest[0] === "help";
  if (isHelp) return { kind: "help", text };
  const mistake = (problem: string): Asked => ({ kind: "mistake", problem, text });
  if (!command) {
    const [unknown] = rest;
    if (unknown === undefined) return mistake("A command is missing.");
    return mistake(`There is no ${unknown.startsWith("-") ? "option" : "command"} ${unknown} here.`);
  }
  const { options = {} } = command;
  const types = Object.entries(options).map(
    ([key, { value }]) => [key, { type: value ? "string" : "boolean" }] as const,
  );
  try {
    const { values } = parseArgs({ args: [...rest], options: Object.fromEntries(types) });
    const defaults = Object.entries(options).map(([key, option]) => [key, option.default]);
    return { kind: "run", command, given: { ...Object.fromEntries(defaults), ...values } };
  } catch (error) {
    return mistake((error as Error).message);
  }
}

/** The longest name that the words begin with: a command's, or a group's. */
function commandNamed({ commands }: Program, words: readonly string[]): { name: string; rest: readonly string[] } {
  const [first = "", second = ""] = words;
  if (Object.hasOwn(commands, `${first} ${second}`)) return { name: `${first} ${second}`, rest: words.slice(2) };
  const isKnown = Object.keys(commands).some((name) => name === first || name.startsWith(`${first} `));
  return isKnown && first !== "" ? { name: first, rest: words.slice(1) } : { name: "", rest: words };
}

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

const helpRow = ["-h, --help", "show this"] as const;

const optionRow = ([key, { value, meaning, default: fallback }]: [string, Option]) =>
  [`--${key}${value ? ` <${value}>` : ""}`, fallback === undefined ? meaning : `${meaning} (${fallback})`] as const;

const helpOf = (program: Program, name: string, { description, options = {} }: Command): string =>
  [
    `Usage: ${program.name} ${name}${Object.keys(options).length > 0 ? " [options]" : ""}`,
    description,
    `Options:\n${columns([...Object.entries(options).map(optionRow), helpRow])}`,
  ].join("\n\n");

/** All commands, or those of one group. */
function overview(program: Program, group: string): string {
  const shown = Object.entries(program.commands).filter(([name]) => group === "" || name.startsWith(`${group} `));
  return [
    `Usage: ${[program.name, group].filter(Boolean).join(" ")} <command> [options]`,
    ...(group === "" ? [program.description] : []),
    `Commands:\n${columns(shown.map(([name, { description }]) => [name, description]))}`,
  ].join("\n\n");
}
