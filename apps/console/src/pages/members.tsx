import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { mayNot } from "../may-not.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { SearchField } from "../ui/field.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Banner, EmptyState } from "../ui/states.tsx";
import { Table } from "../ui/table/table.tsx";
import { useTypedSearch } from "../ui/typed-search.ts";
import { columnsFor } from "./members/columns.tsx";
import { type Member, MembersPage } from "./members/documents.ts";
import { InviteSheet } from "./members/invite-sheet.tsx";
import { MemberSheet } from "./members/member-sheet.tsx";
import { MemberTabs } from "./members/tabs.tsx";
import { words } from "./members/text.ts";
import { useMemberRows } from "./members/use-member-rows.ts";
import { usePlaces } from "./members/use-places.ts";
import "../styles/members.css";

interface View {
  readonly q?: string | undefined;
  readonly new?: string | undefined;
  readonly member?: string | undefined;
}

/** What the address says of the page: the search, an open sheet; what is left out is not there. */
function useView() {
  const { tenant = "" } = useParams({ strict: false });
  const view = useSearch({ strict: false }) as View;
  const navigate = useNavigate();
  const go = useCallback(
    (next: View, replace: boolean) => {
      const search = Object.fromEntries(Object.entries({ ...view, ...next }).filter(([, value]) => value));
      void navigate({ to: "/t/$tenant/members", params: { tenant }, search, replace, ignoreBlocker: true });
    },
    [navigate, tenant, view],
  );
  return {
    ...view,
    tenant,
    search: (q: string) => go({ q }, true),
    open: useCallback(({ id }: Member) => go({ member: id, new: undefined }, false), [go]),
    invite: () => go({ new: "invitation", member: undefined }, false),
    close: () => go({ new: undefined, member: undefined }, true),
  };
}

const keyOf = ({ id }: Member) => id;
const nameOf = ({ name }: Member) => name;

/** The field of the search, which is sent a moment after the last key. */
function Find({ typed, onType }: { typed: string; onType: (typed: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => field.current?.focus() });
  return (
    <div className="filters">
      <SearchField
        ref={field}
        label={words.search}
        placeholder={words.searchPlaceholder}
        value={typed}
        onChange={onType}
        end={<Kbd keys="/" />}
      />
    </div>
  );
}

/** The people of the tenant, what each of them may do, and the way to invite another one. */
export function Members() {
  const view = useView();
  const { q = "", tenant, member } = view;
  const { typed, setTyped } = useTypedSearch(q, view.search);
  const page = usePage(MembersPage, { q: q || null, id: member ?? "", isOpen: member !== undefined });
  const opened = page.data?.open;
  const { rows, hasMore, onMore, leave } = useMemberRows(tenant, q, page.data?.members, opened);
  const places = usePlaces(page.data, member !== undefined || view.new !== undefined);
  const you = page.data?.viewer.memberId;
  const may = page.data?.viewer.permissions ?? [];
  const seesAccounts = may.includes("member-account:read");
  const columns = useMemo(() => columnsFor(you, seesAccounts), [you, seesAccounts]);
  if (page.wait) return page.wait;
  if (!page.data.members) return <NotYours what={words.hidden} />;
  const shown = opened?.id === member ? opened : rows.find(({ id }) => id === member);
  const isNotThere = member !== undefined && !shown && opened === null;
  const locked = mayNot(may, "invitation:write");
  const invite = (
    <Button variant="primary" icon="plus" disabledReason={locked} onPress={view.invite}>
      {words.invite}
    </Button>
  );
  const removed = (id: string) => {
    leave(id);
    page.reload();
    view.close();
  };
  return (
    <>
      <PageHead title={words.title} actions={invite}>
        {words.lead}
      </PageHead>
      <MemberTabs current="members" may={may} />
      {isNotThere && (
        <Banner tone="warn" action={<Button onPress={view.close}>{words.close}</Button>}>
          {words.notThere}
        </Banner>
      )}
      <Find typed={typed} onType={setTyped} />
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
        <InviteSheet
          {...places}
          sendsMail={page.data.viewer.serverSendsMail}
          onMade={page.reload}
          onClose={view.close}
        />
      )}
      {shown && (
        <MemberSheet
          key={shown.id}
          {...places}
          member={shown}
          others={rows.filter(({ id }) => id !== shown.id)}
          may={may}
          isYou={shown.id === you}
          onChanged={page.reload}
          onRemoved={() => removed(shown.id)}
          onClose={view.close}
        />
      )}
    </>
  );
}
