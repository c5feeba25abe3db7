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
  const own = rest?.of === of ? rest : undefined;
  const { hasNextPage = false, endCursor } = own ?? first?.pageInfo ?? {};

  const more = useCallback(async () => {
    const part = `${of} ${endCursor}`;
    if (!hasNextPage || !endCursor || asking.current === part) return;
    asking.current = part;
    const asked = { ...variables, workspace, after: endCursor };
    const { data } = await client.query(MoreClients, asked, { requestPolicy: "network-only" }).toPromise();
    const next = data?.workspace?.clients;
    if (!next) {
      asking.current = undefined;
      return toast(words.more);
    }
    setRest((old) => ({
      of,
      rows: [...(old?.of === of ? old.rows : []), ...next.nodes],
      endCursor: next.pageInfo.endCursor,
      hasNextPage: next.pageInfo.hasNextPage,
    }));
  }, [client, of, hasNextPage, endCursor, workspace, variables]);

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
