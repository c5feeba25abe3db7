import { refuse } from "../change/actor.ts";
import { builtInRoles, type WorkspaceTarget } from "./permission.ts";

/** How a name reads at a glance: without case, accents, width, spaces and signs. */
const atAGlance = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();

/** Scripts whose letters pass for Latin ones, as Cyrillic `о` does (Unicode TR 39, mixed-script confusables). */
const LOOKS_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/**
 * Where built-in roles live, no other role's name may be taken for one: who gives a role by its name could be led
 * astray.
 *
 * @throws Refusal INVALID_INPUT
 */
export function refuseImitation(name: string, kind: WorkspaceTarget["kind"]): void {
  if (kind === "custom") return;
  const mend = "Choose a name that no built-in role could be taken for.";
  const imitated = Object.keys(builtInRoles).find((role) => atAGlance(role) === atAGlance(name));
  if (imitated !== undefined)
    refuse({
      code: "INVALID_INPUT",
      path: ["name"],
      problem: `This name reads like the built-in role ${imitated}.`,
      mend,
    });
  if (/\p{Script=Latin}/u.test(name) && LOOKS_LATIN.test(name))
    refuse({
      code: "INVALID_INPUT",
      path: ["name"],
      problem: "This name mixes Latin letters with others that look like them.",
      mend: "Write it in one script.",
    });
}
