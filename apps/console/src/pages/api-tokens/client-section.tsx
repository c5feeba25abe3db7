import { useCallback, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { late } from "../../ui/frame/late.ts";
import { Banner, EmptyState, MarginBlock } from "../../ui/states.tsx";
import { Table } from "../../ui/table/table.tsx";
import { useNow } from "../../ui/time.tsx";
import { words as settingWords } from "../settings/text.ts";
import { COLUMNS } from "./columns.tsx";
import type { ApiToken, TokenClient } from "./documents.ts";
import { menuOf } from "./row-menu.ts";
import { canMakeTokens, inOrder, working } from "./state.ts";
import { words } from "./text.ts";

type Owner = TokenClient & {
  readonly apiTokens?:
    | { readonly nodes: readonly ApiToken[]; readonly pageInfo: { readonly hasNextPage: boolean } }
    | null
    | undefined;
};

/** What the page's address opens here. */
export interface TokenSheets {
  readonly adding: boolean;
  readonly importing: boolean;
  readonly open: (sheet: "token" | "import-token") => void;
  readonly close: () => void;
  readonly made: () => Promise<void>;
  /** A value is on the screen: nothing but its own sheet may close it. */
  readonly shown: boolean;
}

/** What is asked for of a token that is there. */
export interface Asked {
  readonly token: ApiToken;
  readonly what: "see" | "edit" | "revoke";
}

const rowKey = ({ id }: ApiToken) => id;
const rowName = ({ name }: ApiToken) => name;

/** Whether this client's page speaks of API tokens: they can be made, or some work still. Pure. */
export const speaksOfTokens = ({ settings, apiTokens }: Owner, now: number): boolean =>
  apiTokens != null && (settings?.apiTokens.value === "ON" || working(apiTokens.nodes, now) > 0);

/** What tokens are made and changed with comes when it is asked for. */
const others = late(() => import("./client-sheets.tsx"));

/** A client's API tokens: what each may do, when it was used and ends; and new ones, where that is on. */
export function ClientApiTokens({
  client,
  workspace,
  sheets,
}: {
  client: Owner;
  workspace: { readonly kind: string; readonly issuer: string; readonly viewerPermissions: readonly string[] };
  sheets: TokenSheets;
}) {
  const now = useNow(60_000);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { apiTokens, settings } = client;
  const tokens = inOrder(apiTokens?.nodes ?? [], now);
  const mayWrite = workspace.viewerPermissions.includes("api-token:write");
  const isOn = settings?.apiTokens.value === "ON";
  const mayMake = mayWrite && canMakeTokens(settings);
  const mayImport = mayMake && workspace.kind === "CUSTOM";
  const isImporting = sheets.importing && mayImport;
  others.usePreload();
  const isAdding = sheets.shown || (sheets.adding && mayMake);
  const sheetsOf = others.useModule(asked !== null || isImporting || isAdding);
  const see = useCallback((token: ApiToken) => setAsked({ token, what: "see" }), []);
  const menu = useCallback(
    (token: ApiToken) =>
      menuOf(
        token,
        mayWrite,
        () => setAsked({ token, what: "edit" }),
        () => setAsked({ token, what: "revoke" }),
      ),
    [mayWrite],
  );
  return (
    <MarginBlock
      title={words.title}
      help={words.help(settings?.apiTokenLimit.value ?? null)}
      action={
        mayMake && (
          <div className="block-actions">
            <Button icon="plus" onPress={() => sheets.open("token")}>
              {words.add}
            </Button>
            {mayImport && <Button onPress={() => sheets.open("import-token")}>{words.import}</Button>}
          </div>
        )
      }
    >
      {settings && !isOn && <Banner tone="info">{words.offBy(settingWords.levels[settings.apiTokens.level])}</Banner>}
      {isOn && !canMakeTokens(settings) && <Banner tone="info">{words.notChosen}</Banner>}
      {isOn && !mayWrite && <Banner tone="info">{words.mayNot}</Banner>}
      <Table
        label={words.list}
        columns={COLUMNS}
        rows={tokens}
        rowKey={rowKey}
        rowName={rowName}
        menu={menu}
        onOpen={see}
        onPeek={see}
        rowHeight={56}
        short
        empty={<EmptyState>{words.none}</EmptyState>}
      />
      {apiTokens?.pageInfo.hasNextPage && <p className="small muted">{words.more}</p>}
      {asked && sheetsOf && <sheetsOf.Over asked={asked} client={client} mayWrite={mayWrite} onAsk={setAsked} />}
      {isAdding && sheetsOf && (
        <sheetsOf.AddSheet
          client={client}
          tokens={tokens}
          issuer={workspace.issuer}
          onMade={sheets.made}
          onClose={sheets.close}
        />
      )}
      {isImporting && sheetsOf && <sheetsOf.ImportSheet client={client} onClose={sheets.close} />}
    </MarginBlock>
  );
}
