import { linkOptions } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Provider, useQuery } from "urql";
import { graphqlClient } from "../../graphql.ts";
import { trouble } from "../../server/trouble.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Banner, EmptyState, ErrorState, MarginBlock, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table/table.tsx";
import { useNow } from "../../ui/time.tsx";
import { menuOf } from "../api-tokens/row-menu.ts";
import { inOrder, tokenState, working } from "../api-tokens/state.ts";
import { AddClientSheet } from "./add-client-sheet.tsx";
import { AddSheet } from "./add-sheet.tsx";
import { COLUMNS } from "./columns.tsx";
import { type Own, type PersonalToken, PersonalTokensPage, type Rules, type TokenViewer } from "./documents.ts";
import { ownOf } from "./draft.ts";
import { EditSheet } from "./edit-sheet.tsx";
import { RenewSheet } from "./renew-sheet.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { words } from "./text.ts";

type Asked =
  | { readonly what: "edit"; readonly token: PersonalToken }
  | { readonly what: "revoke" | "renew"; readonly token: Own };

const rowKey = ({ id }: Own) => id;
const rowName = ({ name }: Own) => name;

/** What may be generated here: only what the tenant chose is offered. */
function Generating({ rules, onAsk }: { rules: Rules; onAsk: (type: Rules["types"][number]) => void }) {
  if (!rules.isOn) return null;
  return (
    <div className="block-actions">
      {rules.types.includes("STATIC_TOKEN") && (
        <Button icon="plus" onPress={() => onAsk("STATIC_TOKEN")}>
          {words.add}
        </Button>
      )}
      {rules.types.includes("CLIENT_CREDENTIALS") && (
        <Button icon="plus" onPress={() => onAsk("CLIENT_CREDENTIALS")}>
          {words.generate}
        </Button>
      )}
    </div>
  );
}

function Tokens({
  slug,
  tenant,
  viewer,
  rules,
  reload,
}: {
  slug: string;
  tenant: string;
  viewer: TokenViewer;
  rules: Rules;
  reload: () => void;
}) {
  const now = useNow(60_000);
  const [adding, setAdding] = useState<Rules["types"][number]>();
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = ownOf(viewer);
  const maySet = viewer.permissions.includes("tenant-settings:write");
  const settings = linkOptions({ to: "/t/$tenant/settings", params: { tenant: slug } });
  const mayRenew = rules.isOn && rules.types.includes("CLIENT_CREDENTIALS");
  const menu = useCallback(
    (row: Own) => {
      const revoke = () => setAsked({ token: row, what: "revoke" });
      if (row.__typename === "PersonalToken")
        return menuOf(row, true, () => setAsked({ token: row, what: "edit" }), revoke);
      const renew = mayRenew
        ? [
            {
              id: "renew",
              label: words.renew,
              icon: "rotate",
              onAction: () => setAsked({ token: row, what: "renew" }),
            } as const,
          ]
        : [];
      return tokenState(row, Date.now()).works
        ? menuOf(row, true, undefined, revoke)
        : [...renew, ...menuOf(row, true, undefined, revoke)];
    },
    [mayRenew],
  );
  const over = {
    onClose: () => setAsked(null),
    onDone: () => {
      setAsked(null);
      reload();
    },
  };
  const making = { tenant, viewer, rules, onMade: reload, onClose: () => setAdding(undefined) };
  return (
    <MarginBlock
      title={tenant}
      help={words.rules(rules.limit, rules.longestDays, rules.mayNeverEnd)}
      action={<Generating rules={rules} onAsk={setAdding} />}
    >
      {!rules.isOn && (
        <Banner tone="info" action={maySet && <ButtonLink to={settings}>{words.settings}</ButtonLink>}>
          {words.off} {!maySet && words.askOwner}
        </Banner>
      )}
      {(rules.isOn || working(all, now) > 0) && (
        <Table
          label={words.list(tenant)}
          columns={COLUMNS}
          rows={inOrder(all, now)}
          rowKey={rowKey}
          rowName={rowName}
          menu={menu}
          rowHeight={56}
          short
          empty={<EmptyState>{words.none}</EmptyState>}
        />
      )}
      {(viewer.personalTokens?.pageInfo.hasNextPage || viewer.personalClients?.pageInfo.hasNextPage) && (
        <p className="small muted">{words.more}</p>
      )}
      {adding === "STATIC_TOKEN" && <AddSheet {...making} />}
      {adding === "CLIENT_CREDENTIALS" && <AddClientSheet {...making} />}
      {asked?.what === "edit" && <EditSheet token={asked.token} held={viewer.permissions} rules={rules} {...over} />}
      {asked?.what === "renew" && <RenewSheet own={asked.token} rules={rules} onMade={reload} onClose={over.onClose} />}
      {asked?.what === "revoke" && <RevokeDialog token={asked.token} {...over} />}
    </MarginBlock>
  );
}

function Asking({ slug, tenant }: { slug: string; tenant: string }) {
  const [{ data, error }, ask] = useQuery({ query: PersonalTokensPage });
  const reload = () => ask({ requestPolicy: "network-only" });
  const rules = data?.viewer.personalTokenRules;
  if (data && rules) return <Tokens slug={slug} tenant={tenant} viewer={data.viewer} rules={rules} reload={reload} />;
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
      <Asking slug={slug} tenant={name} />
    </Provider>
  );
}
