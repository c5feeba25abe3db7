import { useCallback, useRef, useState } from "react";
import { toast } from "../ui/toast.tsx";

/** A part of a list, as every connection of the schema has it. */
export interface Part<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined };
  /** Set where a search has looked through as much as it does at a time: it goes on when somebody asks. */
  readonly lookedBackTo?: string | null | undefined;
}

/** A list as far as it is here. */
export interface More<Row> {
  readonly rows: readonly Row[];
  /** More follows, and is fetched as the view gets there. */
  readonly hasMore: boolean;
  /** Everything since was looked at; what is older only when `onMore` is called. */
  readonly lookedBackTo: string | undefined;
  readonly onMore: () => void;
}

const NONE: Part<never> = { nodes: [], pageInfo: { hasNextPage: false } };

/**
 * The rest of a list: the first part came with the page, further ones are fetched as the view gets there and kept. When the
 * page is refreshed its first part is new; what was fetched after it stays.
 *
 * @param key names the view (filter, search): another one begins anew
 * @param load fetches the part after a cursor; null when it could not
 */
export function useMore<Row extends { id: string }>(
  key: string,
  first: Part<Row> | null | undefined,
  load: (after: string) => Promise<Part<Row> | null>,
): More<Row> {
  const [kept, setKept] = useState<{ key: string; rest: Part<Row> | null }>({ key, rest: null });
  const busy = useRef<string | null>(null);
  const rest = kept.key === key ? kept.rest : null;
  const head = first ?? NONE;
  const known = new Set(head.nodes.map(({ id }) => id));
  const rows = rest ? [...head.nodes, ...rest.nodes.filter(({ id }) => !known.has(id))] : head.nodes;
  const { pageInfo, lookedBackTo } = rest ?? head;
  const { hasNextPage, endCursor } = pageInfo;
  const onMore = useCallback(async () => {
    const mark = `${key} ${endCursor ?? ""}`;
    if (!hasNextPage || !endCursor || busy.current === mark) return;
    busy.current = mark;
    const next = await load(endCursor);
    // A failed part is asked for again when the view moves.
    busy.current = null;
    if (!next) return toast("Could not load more rows. Scroll to try again.");
    const before = rest?.nodes ?? [];
    setKept({ key, rest: { ...next, nodes: [...before, ...next.nodes] } });
  }, [key, hasNextPage, endCursor, load, rest]);
  const hasMore = hasNextPage && !lookedBackTo;
  return { rows, hasMore, lookedBackTo: lookedBackTo ?? undefined, onMore: () => void onMore() };
}
