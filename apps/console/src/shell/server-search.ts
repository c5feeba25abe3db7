import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import { text } from "../text.ts";
import { stillFound } from "../ui/frame/search.ts";
import type { Command, WorkspaceRef } from "../ui/frame/types.ts";

interface Answer {
  /** The words that it answers. */
  readonly of: string;
  readonly found: readonly Command[];
}

const SHORTEST = 2;
const PAUSE_MS = 120;
const MOST = 6;
const NOTHING: Answer = { of: "", found: [] };

/** What is found for the words in the palette: other workspaces, and from the server clients and APIs of this one. */
export function useServerSearch(tenant: string, workspace: WorkspaceRef | null, workspaces: readonly WorkspaceRef[]) {
  const client = useClient();
  const navigate = useNavigate();
  const [answer, setAnswer] = useState(NOTHING);
  const [far, setFar] = useState<readonly WorkspaceRef[]>([]);
  const [typed, setTyped] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const newest = useRef("");
  useEffect(() => () => clearTimeout(timer.current), []);

  async function search(typed: string, slug: string): Promise<void> {
    const variables = { workspace: slug, typed };
    const { PaletteSearch } = await import("./search-documents.ts");
    const { data } = await client.query(PaletteSearch, variables, { requestPolicy: "network-only" }).toPromise();
    if (newest.current !== typed) return;
    const params = { tenant, workspace: slug };
    const clients = (data?.workspace?.clients?.nodes ?? []).map(
      ({ id, name }): Command => ({
        id,
        label: name,
        group: text.nav.clients,
        icon: "client",
        aside: id,
        run: () => void navigate({ to: "/t/$tenant/w/$workspace/clients/$id", params: { ...params, id } }),
      }),
    );
    const apis = (data?.workspace?.resources?.nodes ?? []).map(
      ({ id, name, identifier }): Command => ({
        id,
        label: name,
        group: text.nav.apis,
        icon: "api",
        aside: identifier,
        run: () => void navigate({ to: "/t/$tenant/w/$workspace/apis/$id", params: { ...params, id } }),
      }),
    );
    setFar((data?.workspaces?.nodes ?? []).map((one) => ({ ...one, tenant })));
    setAnswer({ of: typed, found: [...clients, ...apis] });
  }

  function onQuery(typed: string): void {
    const words = typed.trim();
    clearTimeout(timer.current);
    newest.current = words;
    setTyped(words);
    if (workspace && words.length >= SHORTEST && !words.startsWith(">")) {
      timer.current = setTimeout(() => void search(words, workspace.slug), PAUSE_MS);
    } else {
      setAnswer(NOTHING);
    }
  }
  const others = [...workspaces, ...far.filter(({ id }) => !workspaces.some((one) => one.id === id))]
    .filter(
      ({ slug, name }) => slug !== workspace?.slug && `${name} ${slug}`.toLowerCase().includes(typed.toLowerCase()),
    )
    .slice(0, MOST)
    .map(
      ({ id, name, slug }): Command => ({
        id,
        label: name,
        group: text.nav.workspaces,
        icon: "columns",
        aside: slug,
        run: () => void navigate({ to: "/t/$tenant/w/$workspace", params: { tenant, workspace: slug } }),
      }),
    );
  const found = stillFound(answer.found, answer.of, typed);
  return { found: typed.length < SHORTEST || typed.startsWith(">") ? found : [...others, ...found], onQuery };
}
