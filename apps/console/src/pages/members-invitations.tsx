import { linkOptions, useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useClient } from "urql";
import { day, exact } from "../format.ts";
import { mayNot } from "../may-not.ts";
import { usePreferences } from "../preferences.ts";
import { sentence } from "../server/ask.ts";
import { useMore } from "../server/more.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { LifeBar } from "../ui/life-bar.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { EmptyState } from "../ui/states.tsx";
import type { Column } from "../ui/table/columns.ts";
import { Table } from "../ui/table/table.tsx";
import { toast } from "../ui/toast.tsx";
import {
  type Invitation,
  InvitationsPage,
  type InvitationsPart,
  MoreInvitations,
  RevokeInvitation,
} from "./members/documents.ts";
import { rolesLine } from "./members/roles-of.ts";
import { MemberTabs } from "./members/tabs.tsx";
import { words } from "./members/text.ts";

const { invitations: say } = words;

/** For whom it is: the address that its maker wrote down, or whose account it opens. */
const forWhom = ({ email, member }: Invitation): string => (member ? say.resets(member.name) : (email ?? say.anybody));

const madeBy = ({ inviterName, invitedBy }: Invitation): string =>
  inviterName ?? (invitedBy == null ? say.server : say.gone);

function Day({ at }: { at: number }) {
  const { zone } = usePreferences();
  return <time title={exact(at)}>{day(at, zone)}</time>;
}

const COLUMNS: readonly Column<Invitation>[] = [
  {
    id: "who",
    header: say.columns.who,
    width: "minmax(180px, 1.4fr)",
    narrow: "title",
    cell: (row) => <b>{forWhom(row)}</b>,
  },
  {
    id: "roles",
    header: say.columns.roles,
    width: "minmax(160px, 1.2fr)",
    narrow: "detail",
    cell: ({ member, roles }) => (member ? words.unknown : rolesLine(roles)),
  },
  {
    id: "until",
    header: say.columns.until,
    width: "minmax(110px, .7fr)",
    narrow: "status",
    look: "num",
    cell: ({ rolesExpireAt }) =>
      rolesExpireAt && (
        <>
          <span className="only-narrow-inline">{say.until} </span>
          <Day at={Date.parse(rolesExpireAt)} />
        </>
      ),
  },
  {
    id: "by",
    header: say.columns.by,
    width: "minmax(120px, 1fr)",
    low: true,
    cell: madeBy,
  },
  {
    id: "ends",
    header: say.columns.ends,
    width: "minmax(150px, 1fr)",
    narrow: "aside",
    cell: ({ createdAt, expiresAt }, now) => (
      <LifeBar createdAt={Date.parse(createdAt)} expiresAt={Date.parse(expiresAt)} now={now} />
    ),
  },
];

const keyOf = ({ id }: Invitation) => id;

function RevokeDialog({ link, onClose, onDone }: { link: Invitation; onClose: () => void; onDone: () => void }) {
  const revoke = useMutate(RevokeInvitation);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ id: link.id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done);
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={link.member ? say.askReset : say.ask}
      confirm={say.confirm}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{forWhom(link)}</p>
      <p>{say.closes}</p>
    </ConfirmDialog>
  );
}

/** The links as far as they were scrolled; after a change, and where the first part ends elsewhere, anew. */
function useInvitations(first: InvitationsPart | null | undefined) {
  const client = useClient();
  const [changes, setChanges] = useState(0);
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreInvitations, { after }, { requestPolicy: "network-only" }).toPromise();
      return data?.invitations ?? null;
    },
    [client],
  );
  const list = useMore<Invitation>(`${first?.pageInfo.endCursor} ${changes}`, first, load);
  return { ...list, onChange: () => setChanges((before) => before + 1) };
}

/** The links that are open: for whom, what they give, and until when. */
export function Invitations() {
  const { tenant = "" } = useParams({ strict: false });
  const page = usePage(InvitationsPage, {});
  const { rows, hasMore, onMore, onChange } = useInvitations(page.data?.invitations);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const locked = mayNot(page.data?.viewer.permissions ?? [], "invitation:write");
  const menu = useCallback(
    (row: Invitation) => [
      {
        id: "revoke",
        label: say.revoke,
        icon: "trash" as const,
        danger: true,
        onAction: () => setRevoking(row),
        ...(locked === undefined ? {} : { disabledReason: locked }),
      },
    ],
    [locked],
  );
  if (page.wait) return page.wait;
  const { invitations, viewer } = page.data;
  if (!invitations) return <NotYours what={say.hidden} />;
  const invite = locked === undefined && (
    <ButtonLink
      variant="primary"
      icon="plus"
      to={linkOptions({ to: "/t/$tenant/members", params: { tenant }, search: { new: "invitation" } })}
    >
      {words.invite}
    </ButtonLink>
  );
  const changed = () => {
    onChange();
    page.reload();
  };
  return (
    <>
      <PageHead title={words.title} actions={invite}>
        {words.lead}
      </PageHead>
      <MemberTabs current="invitations" may={viewer.permissions} />
      <Table
        label={say.list}
        columns={COLUMNS}
        rows={rows}
        rowKey={keyOf}
        rowName={forWhom}
        total={hasMore ? undefined : { value: rows.length, exact: true }}
        hasMore={hasMore}
        onMore={onMore}
        menu={menu}
        empty={<EmptyState action={invite}>{say.none}</EmptyState>}
      />
      {revoking && <RevokeDialog link={revoking} onClose={() => setRevoking(null)} onDone={changed} />}
    </>
  );
}
