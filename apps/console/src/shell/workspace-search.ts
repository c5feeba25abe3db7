import { useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import type { WorkspaceRef } from "../ui/frame/types.ts";

const PAUSE_MS = 120;
const NONE: readonly WorkspaceRef[] = [];

/** The workspaces that the switcher offers: those that came with the page, and, where these are not all, what the server finds. */
export function useWorkspaceSearch(tenant: string, known: readonly WorkspaceRef[], isWhole: boolean) {
  const client = useClient();
  const [found, setFound] = useState(NONE);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const newest = useRef("");
  useEffect(() => () => clearTimeout(timer.current), []);

  async function search(typed: string): Promise<void> {
    const { WorkspaceSearch } = await import("./search-documents.ts");
    const { data } = await client.query(WorkspaceSearch, { typed }, { requestPolicy: "network-only" }).toPromise();
    if (newest.current === typed) setFound((data?.workspaces?.nodes ?? []).map((one) => ({ ...one, tenant })));
  }
  function onSearch(text: string): void {
    const typed = text.trim();
    clearTimeout(timer.current);
    newest.current = typed;
    if (isWhole || typed === "") setFound(NONE);
    else timer.current = setTimeout(() => void search(typed), PAUSE_MS);
  }
  const more = found.filter(({ id }) => !known.some((one) => one.id === id));
  return { workspaces: more.length > 0 ? [...known, ...more] : known, onSearch };
}
