import { useCallback, useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { toast } from "../../ui/toast.tsx";
import { type ListedClient, type ListWorkspace, MoreClients } from "./documents.ts";
import { words } from "./text.ts";
import type { ListVariables } from "./view.ts";

type FirstPart = NonNullable<ListWorkspace["clients"]>;

/** What came after the first part, for one list: another list, or another first part, starts anew. */
interface Rest {
  readonly of: string;
  readonly rows: readonly ListedClient[];
  readonly endCursor: string | null | undefined;
  readonly hasNextPage: boolean;
}

/** Pure: the rest with one more part, where that follows in the `current` list: a late one of another, or a second one, is dropped. */
export function withPart(
  old: Rest | undefined,
  current: string,
  part: { of: string; first: string | null | undefined; after: string; next: Pick<FirstPart, "nodes" | "pageInfo"> },
): Rest | undefined {
  const { of, after, next } = part;
  const own = old?.of === of ? old : undefined;
  if (of !== current || (own ? own.endCursor : part.first) !== after) return old;
  const { endCursor, hasNextPage } = next.pageInfo;
  return { of, rows: [...(own?.rows ?? []), ...next.nodes], endCursor, hasNextPage };
}

/** A row as an act left it; null is gone. */
type Patches = ReadonlyMap<string, Partial<ListedClient> | null>;

export interface List {
  readonly rows: readonly ListedClient[];
  readonly hasMore: boolean;
  /** Asks for the next part; does nothing while one is on its way. */
  readonly more: () => void;
  /** Says what an act made of a row that the page's own request does not bring again. */
  readonly patch: (id: string, to: Partial<ListedClient> | null) => void;
}

/** The list as far as it was scrolled: its first part from the page's request, the others by the last one's cursor. */
export function useList(workspace: string, first: FirstPart | null | undefined, variables: ListVariables): List {
  const client = useClient();
  const [rest, setRest] = useState<Rest>();
  const [patches, setPatches] = useState<Patches>(new Map());
  const asking = useRef<string | undefined>(undefined);
  const of = JSON.stringify([workspace, variables, first?.pageInfo.endCursor]);
  const current = useRef(of);
  current.current = of;
  const own = rest?.of === of ? rest : undefined;
  const { hasNextPage = false, endCursor } = own ?? first?.pageInfo ?? {};

  const more = useCallback(async () => {
    const part = `${of} ${endCursor}`;
    if (!hasNextPage || !endCursor || asking.current === part) return;
    asking.current = part;
    const asked = { ...variables, workspace, after: endCursor };
    const { data } = await client.query(MoreClients, asked, { requestPolicy: "network-only" }).toPromise();
    const next = data?.workspace?.clients;
    // What is late, or could not be had, may be asked for again.
    if (asking.current === part && (!next || current.current !== of)) asking.current = undefined;
    if (!next) return current.current === of && toast(words.more);
    setRest((old) => withPart(old, current.current, { of, first: first?.pageInfo.endCursor, after: endCursor, next }));
  }, [client, of, first?.pageInfo.endCursor, hasNextPage, endCursor, workspace, variables]);

  const rows = useMemo(() => {
    // An untouched row stays the same object: it is not drawn again when more arrive.
    const patched = (row: ListedClient) => {
      const patch = patches.get(row.id);
      return patch === null ? [] : patch ? { ...row, ...patch } : row;
    };
    const later = own?.rows ?? [];
    return [...(first?.nodes ?? []), ...(patches.size > 0 ? later.flatMap(patched) : later)];
  }, [first, own, patches]);
  const patch = useCallback<List["patch"]>((id, to) => setPatches((all) => new Map(all).set(id, to)), []);
  return { rows, hasMore: hasNextPage, more, patch };
}
