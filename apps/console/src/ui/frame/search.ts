import type { Command } from "./types.ts";

/** How well a label answers a query: 0 not at all; whole words from the start before middles before scattered letters. */
export function score(query: string, label: string, keywords = ""): number {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return 1;
  const name = label.toLowerCase();
  if (name.startsWith(wanted)) return 5;
  if (name.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 4;
  if (name.includes(wanted)) return 3;
  if (keywords.toLowerCase().includes(wanted)) return 2;
  return scattered(wanted, name) ? 1 : 0;
}

function scattered(letters: string, words: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = words.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return letters.length > 1;
}

/** The commands that answer, best first, in their groups; a leading `>` keeps actions only. */
export function found(commands: readonly Command[], typed: string, actions: string): readonly Command[] {
  const onlyActions = typed.startsWith(">");
  const query = onlyActions ? typed.slice(1) : typed;
  const scored = commands
    .filter((command) => !onlyActions || command.group === actions)
    .map((command) => ({ command, points: score(query, command.label, command.keywords) }))
    .filter(({ points }) => points > 0);
  const best = new Map<string, number>();
  for (const { command, points } of scored) best.set(command.group, Math.max(points, best.get(command.group) ?? 0));
  return scored
    .toSorted((a, b) => (best.get(b.command.group) ?? 0) - (best.get(a.command.group) ?? 0) || b.points - a.points)
    .map(({ command }) => command);
}

/** What the server found for `of`, as far as it answers what is typed now: its answer to that is still on its way. */
export function stillFound(remote: readonly Command[], of: string, typed: string): readonly Command[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === of.trim().toLowerCase()) return remote;
  return remote.filter(({ label, aside = "" }) => `${label} ${aside}`.toLowerCase().includes(wanted));
}

/** Neighbours of one group together, in the order given. */
export function grouped(commands: readonly Command[]): readonly { group: string; commands: readonly Command[] }[] {
  return [...Map.groupBy(commands, (command) => command.group)].map(([group, own]) => ({ group, commands: own }));
}
