import { useCallback, useState } from "react";
import { Provider, useQuery } from "urql";
import { graphqlClient } from "../../graphql.ts";
import { trouble } from "../../server/trouble.ts";
import { Button } from "../../ui/button.tsx";
import { Banner, EmptyState, ErrorState, MarginBlock, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table/table.tsx";
import { useNow } from "../../ui/time.tsx";
import { menuOf } from "../api-tokens/row-menu.ts";
import { inOrder, working } from "../api-tokens/state.ts";
import { AddSheet } from "./add-sheet.tsx";
import { COLUMNS } from "./columns.tsx";
import { type PersonalToken, PersonalTokensPage, type Rules, type TokenViewer } from "./documents.ts";
import { EditSheet } from "./edit-sheet.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { words } from "./text.ts";

interface Asked {
  readonly token: PersonalToken;
  readonly what: "edit" | "revoke";
}

const rowKey = ({ id }: PersonalToken) => id;
const rowName = ({ name }: PersonalToken) => name;

function Tokens({
  tenant,
  viewer,
  rules,
  reload,
}: {
  tenant: string;
  viewer: TokenViewer;
  rules: Rules;
  reload: () => void;
}) {
  const now = useNow(60_000);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = viewer.personalTokens?.nodes ?? [];
  const tokens = inOrder(all, now);
  const menu = useCallback(
    (row: PersonalToken) =>
      menuOf(
        row,
        true,
        (token) => setAsked({ token, what: "edit" }),
        (token) => setAsked({ token, what: "revoke" }),
      ),
    [],
  );
  const over = {
    onClose: () => setAsked(null),
    onDone: () => {
      setAsked(null);
      reload();
    },
  };
  return (
    <MarginBlock
      title={tenant}
      help={words.rules(rules.limit, rules.longestDays, rules.mayNeverEnd)}
      action={
        rules.isOn && (
          <Button icon="plus" onPress={() => setAdding(true)}>
            {words.add}
          </Button>
        )
      }
    >
      {!rules.isOn && <Banner tone="info">{words.off}</Banner>}
      {(rules.isOn || working(all, now) > 0) && (
        <Table
          label={words.list(tenant)}
          columns={COLUMNS}
          rows={tokens}
          rowKey={rowKey}
          rowName={rowName}
          menu={menu}
          rowHeight={56}
          short
          empty={<EmptyState>{words.none}</EmptyState>}
        />
      )}
      {viewer.personalTokens?.pageInfo.hasNextPage && <p className="small muted">{words.more}</p>}
      {adding && (
        <AddSheet tenant={tenant} viewer={viewer} rules={rules} onMade={reload} onClose={() => setAdding(false)} />
      )}
      {asked?.what === "edit" && <EditSheet token={asked.token} held={viewer.permissions} rules={rules} {...over} />}
      {asked?.what === "revoke" && <RevokeDialog token={asked.token} {...over} />}
    </MarginBlock>
  );
}

function Asking({ tenant }: { tenant: string }) {
  const [{ data, error }, ask] = useQuery({ query: PersonalTokensPage });
  const reload = () => ask({ requestPolicy: "network-only" });
  const rules = data?.viewer.personalTokenRules;
  if (data && rules) return <Tokens tenant={tenant} viewer={data.viewer} rules={rules} reload={reload} />;
  const failed = error && trouble(error);
  return (
    <MarginBlock title={tenant}>
      {failed ? (
        <ErrorState
          what={words.failed}
          why={failed.failure.message}
          todo={failed.failure.fix}
          correlationId={failed.correlationId}
          onRetry={reload}
        />
      ) : (
        <Skeleton rows={3} />
      )}
    </MarginBlock>
  );
}

/** A person's own tokens in one tenant: each is a membership's, and asked for there. */
export function TenantTokens({ slug, name }: { slug: string; name: string }) {
  return (
    <Provider value={graphqlClient(slug)}>
      <Asking tenant={name} />
    </Provider>
  );
}
