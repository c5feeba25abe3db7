import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { mayNot } from "../may-not.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { CreateSheet } from "./tenants/create-sheet.tsx";
import { TenantsPage } from "./tenants/documents.ts";
import { TenantList } from "./tenants/tenant-list.tsx";
import { TenantSheet } from "./tenants/tenant-sheet.tsx";
import { words } from "./tenants/text.ts";
import { filterOf, inAddress, type Search } from "./tenants/view.ts";

/** The address holds the view and the open sheet; the sheets' own moves are let through, their guards have asked by then. */
function useAddress() {
  const { tenant = "" } = useParams({ strict: false });
  const search = useSearch({ from: "/t/$tenant/tenants" });
  const navigate = useNavigate();
  const go = (next: Search, replace: boolean) =>
    navigate({
      to: "/t/$tenant/tenants",
      params: { tenant },
      search: inAddress({ ...search, ...next }),
      replace,
      ignoreBlocker: true,
    });
  return { search, go };
}

/** Every tenant of the server, for its operators: how much it holds and does, and the acts on it as a whole. */
export function Tenants() {
  const { search, go } = useAddress();
  const [shown, setShown] = useState(false);
  const { open } = search;
  const page = usePage(TenantsPage, { ...filterOf(search), id: open ?? "", isOpen: open !== undefined });
  const may = page.data?.viewer.permissions ?? [];
  const locked = mayNot(may, "tenant:create");
  const create = () => void go({ new: "tenant" }, false);
  useShortcuts(page.data && locked === undefined ? { c: create } : {});
  if (page.wait) return page.wait;
  const { tenants, open: opened } = page.data;
  if (!tenants) return <NotYours what={words.hidden} />;
  const isCreating = shown || (search.new === "tenant" && locked === undefined);
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <Button variant="primary" icon="plus" shortcut="C" disabledReason={locked} onPress={create}>
            {words.create}
          </Button>
        }
      >
        {words.lead}
      </PageHead>
      <TenantList
        tenants={tenants}
        newest={opened ?? null}
        search={search}
        onSearch={(q) => void go({ q: q || undefined }, true)}
        onOpen={({ id }) => void go({ open: id }, false)}
      />
      {isCreating && (
        <CreateSheet
          issuerOrigin={page.data.viewer.issuerOrigin}
          onMade={async () => {
            setShown(true);
            await go({ new: undefined }, true);
          }}
          onClose={() => {
            setShown(false);
            if (search.new !== undefined) void go({ new: undefined }, true);
          }}
        />
      )}
      {opened && !isCreating && (
        <TenantSheet key={opened.id} tenant={opened} may={may} onClose={() => void go({ open: undefined }, true)} />
      )}
    </>
  );
}
