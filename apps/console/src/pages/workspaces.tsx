import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useClient } from "urql";
import type { TenantHomeQuery } from "../gql/graphql.ts";
import { graphql } from "../server/document.ts";
import { useMore } from "../server/more.ts";
import { usePage } from "../server/page.tsx";
import { tenantWords as words } from "../text/tenant.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { EmptyState } from "../ui/states.tsx";
import type { Column } from "../ui/table/columns.ts";
import { Table } from "../ui/table/table.tsx";
import { CreateWorkspace } from "./workspaces/create.tsx";
import { Kinds } from "./workspaces/kinds.tsx";

const TenantHome = graphql(`
  query TenantHome {
    ...TenantFrame
    admin: workspace(slug: "admin") {
      id
      slug
      name
      kind
      status
      issuer
      gatekeepers
    }
    system: workspace(slug: "system") {
      id
      slug
      name
      kind
      status
      issuer
      gatekeepers
    }
  }
`);

const MoreWorkspaces = graphql(`
  query MoreWorkspaces($after: Cursor!) {
    workspaces(first: 100, after: $after) {
      nodes {
        id
        slug
        name
        kind
        status
        issuer
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Row = NonNullable<TenantHomeQuery["workspaces"]>["nodes"][number];

const columns: readonly Column<Row>[] = [
  { id: "name", header: words.name, width: "minmax(160px, 1fr)", narrow: "title", cell: (row) => row.name },
  {
    id: "state",
    header: words.state,
    width: "120px",
    narrow: "status",
    cell: (row) => <Badge status={row.status === "ACTIVE" ? "active" : "off"}>{words.states[row.status]}</Badge>,
  },
  {
    id: "issuer",
    header: words.issuer,
    width: "minmax(240px, 2fr)",
    narrow: "detail",
    cell: (row) => <code>{row.issuer}</code>,
  },
];
const rowKey = (row: Row) => row.id;
const rowName = (row: Row) => row.name;

/** The tenant's home: its workspaces, and which one a person wants. */
export function Workspaces() {
  const { tenant } = useParams({ from: "/t/$tenant/" });
  const search = useSearch({ from: "/t/$tenant/" });
  const navigate = useNavigate();
  const page = usePage(TenantHome, {});
  const open = useCallback(
    (row: Row) => void navigate({ to: "/t/$tenant/w/$workspace", params: { tenant, workspace: row.slug } }),
    [navigate, tenant],
  );
  const client = useClient();
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreWorkspaces, { after }, { requestPolicy: "network-only" }).toPromise();
      return data?.workspaces ?? null;
    },
    [client],
  );
  const { rows, hasMore, onMore } = useMore<Row>(tenant, page.data?.workspaces, load);
  const sheet = (on: boolean) =>
    void navigate({ to: "/t/$tenant", params: { tenant }, search: on ? { new: "workspace" } : {}, replace: !on });
  if (page.wait) return page.wait;
  const { viewer, admin, system } = page.data;
  const own = rows.filter(({ kind }) => kind === "CUSTOM");
  // They are the oldest: not in the first part of a long list.
  const special = [admin, system].filter((one) => one != null);
  const mayCreate = viewer.permissions.includes("workspace:create");
  const create = (
    <Button
      variant="primary"
      icon="plus"
      onPress={() => sheet(true)}
      disabledReason={mayCreate ? undefined : words.mayNot}
    >
      {words.create}
    </Button>
  );
  return (
    <>
      <PageHead title={words.title} actions={own.length > 0 ? create : undefined}>
        {words.lead}
      </PageHead>
      <Table
        label={words.custom}
        columns={columns}
        rows={own}
        rowKey={rowKey}
        rowName={rowName}
        total={hasMore ? undefined : { value: own.length, exact: true }}
        hasMore={hasMore}
        onMore={onMore}
        onOpen={open}
        empty={<EmptyState action={create}>{words.empty}</EmptyState>}
      />
      <Kinds special={special} onOpen={open} />
      {search.new === "workspace" && mayCreate && (
        <CreateWorkspace
          tenant={viewer.tenant.slug}
          issuer={special[0]?.issuer ?? own[0]?.issuer}
          onClose={() => sheet(false)}
        />
      )}
    </>
  );
}
