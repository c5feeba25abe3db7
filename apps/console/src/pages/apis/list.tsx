import type { ResultOf } from "@graphql-typed-document-node/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useRef } from "react";
import { useClient } from "urql";
import { mayNot } from "../../may-not.ts";
import { graphql } from "../../server/document.ts";
import { useMore } from "../../server/more.ts";
import { usePage } from "../../server/page.tsx";
import { Button } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { NotYours } from "../../ui/not-yours.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { EmptyState } from "../../ui/states.tsx";
import { Table } from "../../ui/table/table.tsx";
import { useTypedSearch } from "../../ui/typed-search.ts";
import "../../styles/apis.css";
import { COLUMNS, rowKey, rowName, useRowActs } from "./columns.tsx";
import { words } from "./text.ts";

const ApisPage = graphql(`
  query ApisPage($workspace: Slug!, $q: String) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
      counts {
        resources
      }
      resources(first: 50, search: $q) {
        nodes {
          id
          name
          identifier
          isOwnApi
          scopeCount
          clientCount
          createdAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const MoreApis = graphql(`
  query MoreApis($workspace: Slug!, $q: String, $after: Cursor) {
    workspace(slug: $workspace) {
      id
      resources(first: 50, after: $after, search: $q) {
        nodes {
          id
          name
          identifier
          isOwnApi
          scopeCount
          clientCount
          createdAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export type ListWorkspace = NonNullable<ResultOf<typeof ApisPage>["workspace"]>;

/** The words of the search, and the same a moment later, when nothing more is typed. */
function useSearchWords() {
  const { q = "" } = useSearch({ strict: false }) as { q?: string };
  const navigate = useNavigate();
  const search = (words: string) => void navigate({ to: ".", search: words ? { q: words } : {}, replace: true });
  return { q, ...useTypedSearch(q, search) };
}

/** All APIs of the workspace, and over them whatever the address asks for. */
export function ApiList({ over }: { over?: (workspace: ListWorkspace) => ReactNode }) {
  const { tenant = "", workspace: slug = "" } = useParams({ strict: false });
  const { q, typed, setTyped } = useSearchWords();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const page = usePage(ApisPage, { q: q || null });
  const client = useClient();
  const { open, menu } = useRowActs();
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreApis, { workspace: slug, q: q || null, after }).toPromise();
      return data?.workspace?.resources ?? null;
    },
    [client, slug, q],
  );
  const { rows, hasMore, onMore } = useMore(`${slug} ${q}`, page.data?.workspace.resources, load);
  useShortcuts({ "/": () => field.current?.focus() });
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  const may = workspace.viewerPermissions;
  if (!may.includes("resource:read")) {
    return (
      <>
        <PageHead title={words.title} />
        <NotYours what={words.hidden} />
      </>
    );
  }
  const create = () => void navigate({ to: "/t/$tenant/w/$workspace/apis/new", params: { tenant, workspace: slug } });
  const button = (
    <Button variant="primary" icon="plus" onPress={create} disabledReason={mayNot(may, "resource:write")}>
      {words.create}
    </Button>
  );
  const count = workspace.counts.resources;
  return (
    <>
      <PageHead title={words.title} actions={button}>
        {words.lead}
      </PageHead>
      <div className="filters">
        <SearchField
          ref={field}
          label={words.search}
          placeholder={words.searchPlaceholder}
          value={typed}
          onChange={setTyped}
          end={<Kbd keys="/" />}
        />
      </div>
      <Table
        label={words.list.label}
        columns={COLUMNS}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        total={q === "" && typeof count === "number" ? { value: count, exact: true } : undefined}
        hasMore={hasMore}
        onMore={onMore}
        onOpen={open}
        menu={menu}
        empty={
          q ? (
            <EmptyState action={<Button onPress={() => setTyped("")}>{words.clearSearch}</Button>}>
              {words.noMatch(q)}
            </EmptyState>
          ) : (
            <EmptyState action={button}>{words.none}</EmptyState>
          )
        }
      />
      {over?.(workspace)}
    </>
  );
}
