import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { mayNot } from "../may-not.ts";
import { useMore } from "../server/more.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { SearchField } from "../ui/field.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { EmptyState } from "../ui/states.tsx";
import { Table } from "../ui/table/table.tsx";
import { columnsFor } from "./members/columns.tsx";
import { type Member, MembersPage, MoreMembers } from "./members/documents.ts";
import { InviteSheet } from "./members/invite-sheet.tsx";
import { MemberSheet } from "./members/member-sheet.tsx";
import { roleOptions } from "./members/roles-of.ts";
import { MemberTabs } from "./members/tabs.tsx";
import { words } from "./members/text.ts";
import "../styles/members.css";

interface View {
  readonly q?: string | undefined;
  readonly new?: string | undefined;
  readonly member?: string | undefined;
}

/** What the address says of the page: the search, an open sheet. */
function useView() {
  const { tenant = "" } = useParams({ strict: false });
  const view = useSearch({ strict: false }) as View;
  const navigate = useNavigate();
  const go = useCallback(
    (next: View, replace: boolean) =>
      void navigate({ to: "/t/$tenant/members", params: { tenant }, search: next, replace, ignoreBlocker: true }),
    [navigate, tenant],
  );
  const { q } = view;
  const kept = useMemo(() => (q === undefined ? {} : { q }), [q]);
  return {
    ...view,
    tenant,
    search: useCallback((words: string) => go(words ? { q: words } : {}, true), [go]),
    open: useCallback(({ id }: Member) => go({ ...kept, member: id }, false), [go, kept]),
    invite: () => go({ ...kept, new: "invitation" }, false),
    close: () => go(kept, true),
  };
}

/** The words of the search, sent a moment after the last was typed. */
function useTyped(q: string, search: (words: string) => void) {
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => search(typed), 120);
    return () => clearTimeout(timer);
  }, [typed, q, search]);
  return { typed, setTyped };
}

const keyOf = ({ id }: Member) => id;
const nameOf = ({ name }: Member) => name;

/** The people of the tenant, what each of them may do, and the way to invite another one. */
export function Members() {
  const view = useView();
  const { q = "", tenant } = view;
  const { typed, setTyped } = useTyped(q, view.search);
  const field = useRef<HTMLInputElement>(null);
  const page = usePage(MembersPage, { q: q || null });
  const client = useClient();
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreMembers, { q: q || null, after }).toPromise();
      return data?.members ?? null;
    },
    [client, q],
  );
  const { rows, hasMore, onMore } = useMore<Member>(`${tenant} ${q}`, page.data?.members, load);
  useShortcuts({ "/": () => field.current?.focus() });
  const you = page.data?.viewer.memberId;
  const may = page.data?.viewer.permissions ?? [];
  const seesAccounts = may.includes("member-account:read");
  const columns = useMemo(() => columnsFor(you, seesAccounts), [you, seesAccounts]);
  if (page.wait) return page.wait;
  if (!page.data.members) return <NotYours what={words.hidden} />;
  const places = { roles: roleOptions(page.data), workspaces: page.data.workspaces?.nodes ?? [] };
  const shown = rows.find(({ id }) => id === view.member);
  const locked = mayNot(may, "invitation:write");
  const invite = (
    <Button variant="primary" icon="plus" disabledReason={locked} onPress={view.invite}>
      {words.invite}
    </Button>
  );
  return (
    <>
      <PageHead title={words.title} actions={invite}>
        {words.lead}
      </PageHead>
      <MemberTabs current="members" may={may} />
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
        label={words.list}
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        rowName={nameOf}
        total={hasMore ? undefined : { value: rows.length, exact: true }}
        hasMore={hasMore}
        onMore={onMore}
        onOpen={view.open}
        empty={
          q ? (
            <EmptyState action={<Button onPress={() => setTyped("")}>{words.clearSearch}</Button>}>
              {words.noMatch(q)}
            </EmptyState>
          ) : (
            <EmptyState action={invite}>{words.none}</EmptyState>
          )
        }
      />
      {view.new === "invitation" && locked === undefined && (
        <InviteSheet {...places} onMade={page.reload} onClose={view.close} />
      )}
      {shown && (
        <MemberSheet
          key={shown.id}
          {...places}
          member={shown}
          may={may}
          isYou={shown.id === you}
          onChanged={page.reload}
          onClose={view.close}
        />
      )}
    </>
  );
}
