import { useEffect, useMemo, useState } from "react";
import { useClient } from "urql";
import type { ApiChoiceFragment } from "../../gql/graphql.ts";
import { FindApis } from "./documents.ts";

const contains = (words: string, typed: string) => words.toLowerCase().includes(typed);

/** The API with those of its scopes that fit; whole where its own name fits. */
function fitting(api: ApiChoiceFragment, typed: string, chosen: ReadonlySet<string>): ApiChoiceFragment | undefined {
  if (contains(api.name, typed) || contains(api.identifier, typed)) return api;
  const scopes = (api.scopes ?? []).filter(
    ({ id, name, description }) => chosen.has(id) || contains(name, typed) || contains(description, typed),
  );
  return scopes.length > 0 ? { ...api, scopes } : undefined;
}

/**
 * The APIs to choose from: those of the page at once; where the workspace has more, what the server finds joins them.
 * What was chosen stays in sight whatever is typed.
 */
export function useApis(
  workspace: string,
  first: readonly ApiChoiceFragment[],
  hasMore: boolean,
  chosen: ReadonlySet<string>,
) {
  const client = useClient();
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<ReadonlyMap<string, ApiChoiceFragment>>(new Map());
  const search = typed.trim().toLowerCase();
  useEffect(() => {
    if (!hasMore || search === "") return;
    const timer = setTimeout(async () => {
      const { data } = await client.query(FindApis, { workspace, search }).toPromise();
      const nodes = data?.workspace?.resources?.nodes ?? [];
      setFound((before) => new Map([...before, ...nodes.map((node) => [node.id, node] as const)]));
    }, 120);
    return () => clearTimeout(timer);
  }, [client, workspace, search, hasMore]);
  const all = useMemo(
    () => [...new Map([...found, ...first.map((api) => [api.id, api] as const)]).values()],
    [found, first],
  );
  const shown = useMemo(
    () => (search === "" ? all : all.flatMap((api) => fitting(api, search, chosen) ?? [])),
    [all, search, chosen],
  );
  return { all, shown, typed, setTyped };
}
