import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { usePage } from "../server/page.tsx";
import { ClientList } from "./clients/client-list.tsx";
import { ClientsPage } from "./clients/documents.ts";
import { variablesOf } from "./clients/view.ts";

/** Find one of up to ten thousand clients in two seconds, and see which of them are at risk. All but the rows stands at once. */
export function Clients() {
  const search = useSearch({ from: "/t/$tenant/w/$workspace/clients" });
  const { view, q, sort } = search;
  const variables = useMemo(() => variablesOf({ view, q, sort }), [view, q, sort]);
  const page = usePage(ClientsPage, variables);
  if (page.wait && !page.coming) return page.wait;
  return <ClientList workspace={page.data?.workspace ?? null} search={search} variables={variables} />;
}
