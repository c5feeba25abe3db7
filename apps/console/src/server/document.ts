import { gql } from "urql";
import type { graphql as typed } from "../gql/gql.ts";

const fragments = new Map<string, string>();

function withFragments(source: string, known = new Set<string>()): string {
  let all = source;
  for (const [, name = ""] of source.matchAll(/\.\.\.(\w+)/g)) {
    if (known.has(name)) continue;
    known.add(name);
    const fragment = fragments.get(name);
    if (!fragment) throw new Error(`The document spreads ${name}, but no file that it imports makes that fragment.`);
    all += withFragments(fragment, known);
  }
  return all;
}

function document(source: string) {
  const [, name] = /^\s*fragment (\w+)/.exec(source) ?? [];
  if (name) fragments.set(name, source);
  return gql(withFragments(source));
}

/**
 * Makes a document, typed by the generated declarations of the same words (run `pnpm --filter @mintmark/console generate`).
 * Of the generated files only types are used: so each document travels in the chunk of its page, and nowhere else.
 * A fragment is known by its name once its file is imported. Write no inline fragments as `...on`: put the space.
 */
export const graphql = document as unknown as typeof typed;
