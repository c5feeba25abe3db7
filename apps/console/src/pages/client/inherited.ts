import { plural } from "../../format.ts";
import { seconds } from "./seconds.ts";
import type { Effective, NumberName } from "./settings-draft.ts";
import { words } from "./text.ts";

const { settings: say } = words;

/** A number of a setting in its own unit. */
export function valueWords(name: NumberName, value: number | null | undefined): string {
  if (value == null) return say.noLimit;
  if (name === "accessTokenLifetime") return seconds(value);
  return plural(value, name === "clientSecretLimit" ? "secret" : "day");
}

/** What would count without a value of the client's own, and who sets it; undefined where that may not be seen. */
export function inheritedOf<Name extends keyof Effective>(
  name: Name,
  client: Effective | null | undefined,
  workspace: Effective | null | undefined,
): Effective[Name] | undefined {
  const here = client?.[name];
  return here && here.level !== "CLIENT" ? here : workspace?.[name];
}

/** "15 min, set by the workspace." */
export const originWords = (value: string, level: keyof typeof say.from): string => say.counts(value, say.from[level]);
