import { useSearch } from "@tanstack/react-router";
import { usePage } from "../server/page.tsx";
import { ClientList } from "./clients/client-list.tsx";
import { CreateSheet } from "./clients/create-sheet.tsx";
import { CreateClientPage } from "./clients/documents.ts";
import { variablesOf } from "./clients/view.ts";

const plainList = {};
const variables = variablesOf(plainList);

/** From a name to a credential that works, in one sheet over the list. */
export function ClientCreate() {
  const prefill = useSearch({ from: "/t/$tenant/w/$workspace/clients/new" });
  const page = usePage(CreateClientPage, variables);
  if (page.wait) return page.wait;
  const { workspace, viewer } = page.data;
  return (
    <>
      <ClientList workspace={workspace} search={plainList} variables={variables} />
      <CreateSheet workspace={workspace} prefill={prefill} held={viewer.permissions} />
    </>
  );
}
