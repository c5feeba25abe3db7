import type { Role } from "./documents.ts";
import { words } from "./text.ts";

const { roles: say } = words;

/** Who has a role, as far as it is known: each once, and nobody whose time is over. */
interface Holders {
  readonly names: readonly string[];
  readonly count: number;
  /** Nobody else has it. */
  readonly isWhole: boolean;
}

type Given = Pick<Role, "assignments">;

export function holdersOf({ assignments }: Given, now: number): Holders {
  const living = (assignments?.nodes ?? []).filter(({ expiresAt }) => expiresAt == null || Date.parse(expiresAt) > now);
  const seen = living.flatMap(({ member, client }) => member ?? client ?? []);
  const names = [...new Map(seen.map(({ id, name }) => [id, name])).values()];
  const hidden = living.length - seen.length;
  return { names, count: names.length + hidden, isWhole: assignments?.pageInfo.hasNextPage !== true };
}

/** The first by name, and how many more are known of. */
export function holdersLine(role: Given, now: number): string {
  const { names, count, isWhole } = holdersOf(role, now);
  const [first] = names;
  if (count === 0) return isWhole ? say.nobody : say.uncounted;
  if (first !== undefined && count === 1) return isWhole ? first : say.perhapsOthers(first);
  const line = first === undefined ? say.unseen(count) : `${first}, ${say.others(count - 1)}`;
  return isWhole ? line : say.orMore(line);
}

/** Why its name and what it may do stay: as the server decides it, what was given and is over counts too. */
export function boundBy({ assignments }: Given, mayInAdmin: readonly string[]): string | undefined {
  const wasGiven = (assignments?.nodes.length ?? 0) > 0;
  return wasGiven && !mayInAdmin.includes("client-grant:write") ? say.bound : undefined;
}
