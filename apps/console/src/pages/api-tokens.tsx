import { linkOptions, useParams } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { usePage } from "../server/page.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Banner, EmptyState } from "../ui/states.tsx";
import { Table } from "../ui/table/table.tsx";
import { AddSheet } from "./api-tokens/add-sheet.tsx";
import { ChooseClient } from "./api-tokens/choose-client.tsx";
import { listedColumns } from "./api-tokens/columns.tsx";
import { ApiTokensPage, type ApiTokensWorkspace, type ListedToken } from "./api-tokens/documents.ts";
import { type TokenAct, TokenPeek } from "./api-tokens/peek.tsx";
import { menuOf } from "./api-tokens/row-menu.ts";
import { canMakeTokens } from "./api-tokens/state.ts";
import { words } from "./api-tokens/text.ts";
import { useClientAddressOf, useTokenAddress, useTokenList } from "./api-tokens/use-token-list.ts";
import { WithClient } from "./api-tokens/with-client.tsx";

const rowKey = ({ id }: ListedToken) => id;
const rowName = ({ name }: ListedToken) => name;

type Address = ReturnType<typeof useTokenAddress>;

/** A new token: whose, then what; the sheet stays until its value was seen. */
function NewToken({ workspace, address }: { workspace: ApiTokensWorkspace; address: Address }) {
  const [clientId, setClientId] = useState<string>();
  const { made, close } = address;
  if (clientId === undefined)
    return <ChooseClient first={workspace.clients?.nodes ?? []} onChoose={setClientId} onClose={close} />;
  return (
    <WithClient id={clientId} title={words.sheet.title} onClose={close}>
      {(client) => (
        <AddSheet
          client={client}
          tokens={client.apiTokens?.nodes ?? []}
          issuer={workspace.issuer}
          onMade={made}
          onClose={close}
        />
      )}
    </WithClient>
  );
}

function Tokens({ workspace }: { workspace: ApiTokensWorkspace }) {
  const address = useTokenAddress();
  const { rows, hasMore, onMore } = useTokenList(workspace.slug, workspace.apiTokens);
  const [asked, setAsked] = useState<{ token: ListedToken; act: TokenAct } | null>(null);
  const clientAddress = useClientAddressOf();
  const columns = useMemo(() => listedColumns(clientAddress), [clientAddress]);
  const mayWrite = workspace.viewerPermissions.includes("api-token:write");
  const maySet = workspace.viewerPermissions.includes("settings:write");
  const { tenant = "" } = useParams({ strict: false });
  const settings = linkOptions({
    to: "/t/$tenant/w/$workspace/settings",
    params: { tenant, workspace: workspace.slug },
  });
  const isOn = workspace.settings?.apiTokens.value === "ON";
  const canMake = canMakeTokens(workspace.settings);
  const offersPairs =
    isOn &&
    workspace.settings?.generatedTypes.value.includes("CLIENT_CREDENTIALS") &&
    workspace.viewerPermissions.includes("client-secret:write");
  const menu = useCallback(
    (row: ListedToken) =>
      menuOf(
        row,
        mayWrite,
        (token) => setAsked({ token, act: "edit" }),
        (token) => setAsked({ token, act: "revoke" }),
      ),
    [mayWrite],
  );
  const listed = (id: string) => rows.find((row) => row.id === id);
  const actions = (
    <>
      {offersPairs && (
        <Button icon="plus" onPress={address.addPair}>
          {words.generate}
        </Button>
      )}
      {mayWrite && canMake && (
        <Button variant="primary" icon="plus" onPress={address.add}>
          {words.add}
        </Button>
      )}
    </>
  );
  return (
    <>
      <PageHead title={words.title} actions={actions}>
        {words.lead}
      </PageHead>
      {!isOn && (
        <Banner tone="info" action={maySet && <ButtonLink to={settings}>{words.settings}</ButtonLink>}>
          {words.off}
        </Banner>
      )}
      {isOn && !canMake && <Banner tone="info">{words.notChosen}</Banner>}
      {isOn && !mayWrite && <Banner tone="info">{words.mayNot}</Banner>}
      {(isOn || rows.length > 0) && (
        <Table
          label={words.list}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          rowName={rowName}
          hasMore={hasMore}
          onMore={onMore}
          onOpen={(row) => address.see(row.id)}
          onPeek={(row) => address.see(row.id)}
          menu={menu}
          rowHeight={56}
          empty={<EmptyState>{words.noneAtAll}</EmptyState>}
        />
      )}
      {address.token !== undefined && (
        <TokenPeek
          key={address.token}
          id={address.token}
          listed={listed(address.token)}
          mayWrite={mayWrite}
          onClose={address.close}
        />
      )}
      {asked && (
        <TokenPeek
          id={asked.token.id}
          listed={asked.token}
          start={asked.act}
          mayWrite={mayWrite}
          onClose={() => setAsked(null)}
        />
      )}
      {(address.shown || (address.isWanted && mayWrite && canMake)) && (
        <NewToken workspace={workspace} address={address} />
      )}
      {address.isPairWanted && offersPairs && (
        <ChooseClient
          title={words.choose.pairTitle}
          lead={words.choose.pairLead}
          first={workspace.clients?.nodes ?? []}
          onChoose={address.toSecret}
          onClose={address.close}
        />
      )}
    </>
  );
}

/** All API tokens of a workspace: whose, what they may do, when they were used and end. */
export function ApiTokens() {
  const page = usePage(ApiTokensPage, {}, { rows: 8 });
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  if (!workspace.apiTokens) return <NotYours what={words.hidden} />;
  return <Tokens key={workspace.id} workspace={workspace} />;
}
