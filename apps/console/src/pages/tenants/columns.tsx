import { number } from "../../format.ts";
import { Badge } from "../../ui/badge.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import type { TenantRow } from "./documents.ts";
import { countWords, shapes, stateOf } from "./state.ts";
import { words } from "./text.ts";

const { columns: heads } = words;

/** The columns of the list. */
export const columns: readonly Column<TenantRow>[] = [
  {
    id: "tenant",
    header: heads.tenant,
    width: "minmax(190px, 1.6fr)",
    narrow: "title",
    cell: ({ name, slug }) => (
      <>
        <b>{name}</b> <code className="muted">{slug}</code>
      </>
    ),
  },
  {
    id: "workspaces",
    header: heads.workspaces,
    width: "minmax(96px, .6fr)",
    look: "soft num",
    cell: ({ summary, workspaceLimit }) => countWords(summary?.workspaces, workspaceLimit),
  },
  {
    id: "clients",
    header: heads.clients,
    width: "minmax(110px, .7fr)",
    narrow: "detail",
    look: "soft num",
    cell: ({ summary, clientLimit }) => (
      <>
        {countWords(summary?.clients, clientLimit)}
        <span className="only-narrow-inline">{words.clients((clientLimit ?? summary?.clients) === 1)}</span>
      </>
    ),
  },
  {
    id: "issued",
    header: heads.issued,
    width: "minmax(96px, .6fr)",
    narrow: "aside",
    look: "num",
    cell: ({ summary }) =>
      summary && (
        <>
          {number(summary.issued)}
          <span className="only-narrow-inline">{words.tokens(summary.issued === 1)}</span>
        </>
      ),
  },
  {
    id: "refused",
    header: heads.refused,
    width: "minmax(96px, .6fr)",
    look: "num",
    cell: ({ summary }) => summary && number(summary.refused),
  },
  {
    id: "created",
    header: heads.created,
    width: "minmax(100px, .7fr)",
    low: true,
    look: "soft",
    cell: ({ createdAt }, now) => <TimeCell at={Date.parse(createdAt)} now={now} />,
  },
  {
    id: "status",
    header: heads.status,
    width: "minmax(116px, .7fr)",
    narrow: "status",
    cell: (tenant) => {
      const state = stateOf(tenant);
      return <Badge status={shapes[state]}>{words.status[state]}</Badge>;
    },
  },
];
