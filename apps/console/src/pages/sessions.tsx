import { useCallback, useEffect, useState } from "react";
import { type Answer, ask } from "../server/ask.ts";
import { useAsk, words as wordsOf } from "../session/use-ask.ts";
import { account } from "../text/account.ts";
import { agentName } from "../ui/agent.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Banner, ErrorState } from "../ui/states.tsx";
import type { Column } from "../ui/table/columns.ts";
import { Table } from "../ui/table/table.tsx";
import { TimeCell } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";

const words = account.sessions;

interface Session {
  id: string;
  isCurrent: boolean;
  createdAt: string;
  lastSeenAt: string;
  endsAt: string;
  address: string | null;
  agent: string | null;
}

const columns: readonly Column<Session>[] = [
  {
    id: "device",
    header: words.device,
    width: "minmax(180px, 1.6fr)",
    narrow: "title",
    cell: (row) => <span title={row.agent ?? undefined}>{agentName(row.agent) ?? words.unknown}</span>,
  },
  {
    id: "current",
    header: words.state,
    width: "104px",
    narrow: "status",
    cell: (row) => (row.isCurrent ? <Badge status="active">{words.current}</Badge> : null),
  },
  {
    id: "address",
    header: words.address,
    width: "minmax(120px, 1fr)",
    narrow: "detail",
    cell: (row) => <code>{row.address ?? words.unknown}</code>,
  },
  {
    id: "seen",
    header: words.seen,
    width: "130px",
    narrow: "aside",
    cell: (row) => <TimeCell at={Date.parse(row.lastSeenAt)} />,
  },
  {
    id: "created",
    header: words.created,
    width: "130px",
    low: true,
    cell: (row) => <TimeCell at={Date.parse(row.createdAt)} />,
  },
];
const rowKey = (row: Session) => row.id;
const rowName = (row: Session) => agentName(row.agent) ?? words.unknown;

/** Where the person is signed in, and the end of it. */
export function Sessions() {
  const [answer, setAnswer] = useState<Answer<{ sessions: Session[] }> | null>(null);
  const asking = useAsk();
  const load = useCallback(() => void ask<{ sessions: Session[] }>("sessions").then(setAnswer), []);
  useEffect(load, []);
  const rows = answer?.ok ? answer.body.sessions : [];
  const end = async (body: { id: string } | { others: true }) => {
    if ((await asking.send("sessions/end", body)) === null) return;
    toast("id" in body ? words.ended : words.endedOthers);
    load();
  };
  const endOthers = (
    <Button onPress={() => void end({ others: true })} disabledReason={rows.length > 1 ? undefined : words.noOthers}>
      {words.endOthers}
    </Button>
  );
  return (
    <>
      <PageHead title={words.title} actions={endOthers}>
        {words.lead}
      </PageHead>
      {asking.trouble && (
        <div role="alert">
          <Banner tone="bad">{asking.trouble}</Banner>
        </div>
      )}
      {answer && !answer.ok ? (
        <ErrorState what={account.failed} why={wordsOf(answer)} correlationId={answer.correlationId} onRetry={load} />
      ) : (
        <Table
          label={words.all}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          rowName={rowName}
          loading={answer === null}
          empty={words.none}
          menu={(row) => [
            {
              id: "end",
              label: words.end,
              icon: "out",
              danger: true,
              onAction: () => void end({ id: row.id }),
            },
          ]}
        />
      )}
    </>
  );
}
