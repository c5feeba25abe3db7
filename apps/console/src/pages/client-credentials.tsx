import type { ResultOf } from "@graphql-typed-document-node/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { late } from "../ui/frame/late.ts";
import { Banner, EmptyState, MarginBlock } from "../ui/states.tsx";
import { useNow } from "../ui/time.tsx";
import { ClientApiTokens, speaksOfTokens } from "./api-tokens/client-section.tsx";
import "./api-tokens/documents.ts";
import { words as tokenWords } from "./api-tokens/text.ts";
import { kindLooks, type SheetName } from "./client/credential-kinds.tsx";
import { type CredentialRow, inOrder, markOf } from "./client/credential-rows.ts";
import { CredentialsTable } from "./client/credentials-table.tsx";
import "./client/documents.ts";
import { mayNot } from "../may-not.ts";
import { ClientPageHead } from "./client/head.tsx";
import { RevokeCredential } from "./client/revoke-credential.tsx";
import { overlapsUpTo, withRotations } from "./client/rotation.ts";
import { RotationNote } from "./client/rotation-note.tsx";
import { ownerOf } from "./client/secret-owner.ts";
import { credentialState, noMoreSecrets, soleSecret } from "./client/state.ts";
import { words } from "./client/text.ts";
import { CredentialTimeline } from "./client/timeline.tsx";
import { clientOf, useClientAddress } from "./client/use-client.tsx";
import { ceilingOf } from "./expiry/expiry.ts";

/** Most come to see: what credentials are made with comes when it is asked for. */
const secrets = late(() => import("./client/add-secret.tsx"));
const others = late(() => import("./client/other-credential-sheets.tsx"));

const ClientCredentialsPage = graphql(`
  query ClientCredentialsPage($workspace: Slug!, $id: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
      issuer
      tokenEndpoint
      mtlsTokenEndpoint
      jwksUri
    }
    node(id: $id) {
      __typename
      ... on Client {
        ...ClientHead
        ...TokenClient
        apiTokens(first: 100) {
          pageInfo {
            hasNextPage
          }
          nodes {
            ...ApiTokenRow
          }
        }
        secretRotations {
          ...SecretRotationNote
        }
        settings {
          secretOverlap {
            value
          }
          secretOverlapLimit {
            value
          }
          clientSecretLimit {
            value
          }
          clientSecretLifetime {
            value
            level
          }
          clientKeyLifetime {
            value
            level
          }
          clientAuthenticationMethods {
            value
          }
          dpop {
            value
          }
        }
      }
    }
  }
`);

type Answer = ResultOf<typeof ClientCredentialsPage>;
export type CredentialsClient = Extract<NonNullable<Answer["node"]>, { __typename: "Client" }>;
export type CredentialsWorkspace = NonNullable<Answer["workspace"]>;

const BASE = "/t/$tenant/w/$workspace/clients/$id/credentials";

/** Opens and closes the sheets by the address; once a secret is made, the address no longer says so. */
function useSheets() {
  const params = useClientAddress();
  const navigate = useNavigate();
  const { new: wanted } = useSearch({ strict: false }) as { new?: string };
  const [shown, setShown] = useState<"secret" | "token" | null>(null);
  // The sheet's own moves: its guard has asked by then, or nothing is lost.
  const go = (sheet: string | undefined, replace: boolean) =>
    navigate({ to: BASE, params, search: sheet === undefined ? {} : { new: sheet }, replace, ignoreBlocker: true });
  const leave = async () => {
    if (wanted !== undefined) await go(undefined, true);
  };
  return {
    adding: wanted === "secret",
    rotating: wanted === "rotate",
    /** Its value is on the screen: nothing but its own sheet may close it. */
    shown,
    importing: wanted === "import",
    registering: (["key", "certificate"] as const).find((kind) => kind === wanted),
    trusting: wanted === "trust",
    trying: wanted === "try",
    addingToken: wanted === "token",
    importingToken: wanted === "import-token",
    open: (sheet: SheetName) => void go(sheet, false),
    /** The address says no longer what is open. */
    leave,
    close: () => {
      setShown(null);
      void leave();
    },
    made: async (what: "secret" | "token") => {
      setShown(what);
      await leave();
    },
  };
}

/** The API tokens, where there is any to speak of; a link to what is turned off says so. */
function TokenSection({
  client,
  workspace,
  sheets,
}: {
  client: CredentialsClient;
  workspace: CredentialsWorkspace;
  sheets: ReturnType<typeof useSheets>;
}) {
  const now = useNow(60_000);
  const { shown, addingToken: adding, importingToken: importing, open, close } = sheets;
  const isShown = shown === "token";
  if (!isShown && !speaksOfTokens(client, now))
    return (adding || importing) && <Banner tone="info">{tokenWords.off}</Banner>;
  const made = () => sheets.made("token");
  return (
    <ClientApiTokens
      client={client}
      workspace={workspace}
      sheets={{ adding, importing, open, close, made, shown: isShown }}
    />
  );
}

function Credentials({ client, workspace }: { client: CredentialsClient; workspace: CredentialsWorkspace }) {
  const now = useNow(60_000);
  const sheets = useSheets();
  const [rotating, setRotating] = useState<CredentialRow | null>(null);
  const [revoking, setRevoking] = useState<CredentialRow | null>(null);
  const { credentials, secretRotations } = client;
  const rows = useMemo(
    () => inOrder(withRotations(credentials?.nodes ?? [], secretRotations), now),
    [credentials, secretRotations, now],
  );
  const owner = ownerOf(client, workspace, now);
  const nameOf = (id: string) => {
    const row = rows.find((one) => one.id === id);
    return row ? row.name || markOf(row) : id;
  };
  const isOther = sheets.importing || sheets.registering !== undefined || sheets.trusting || sheets.trying;
  const OtherSheets = others.useModule(isOther)?.OtherCredentialSheets;
  const locked = mayNot(workspace.viewerPermissions, "client-secret:write");
  const limit = client.settings?.clientSecretLimit.value ?? null;
  const reason = noMoreSecrets(client, workspace.viewerPermissions, now);
  const rotated = rotating ?? (sheets.rotating && reason === undefined ? soleSecret(rows, now) : undefined);
  secrets.usePreload();
  const isAdding = sheets.shown === "secret" || (sheets.adding && reason === undefined);
  const AddSecret = secrets.useModule(isAdding || rotated !== undefined)?.AddSecret;
  const overlap = client.settings?.secretOverlap.value ?? 0;
  const ceiling = ceilingOf(client.settings?.clientKeyLifetime);
  const { mtlsTokenEndpoint = null } = workspace;
  // Where no certificate can be shown, none is offered.
  const shown = kindLooks.filter(
    ({ kind }) =>
      kind !== "ClientCertificate" || mtlsTokenEndpoint !== null || rows.some((row) => row.__typename === kind),
  );
  return (
    <>
      {(sheets.adding || sheets.rotating) && reason !== undefined && !sheets.shown && (
        <Banner tone="warn">{reason}</Banner>
      )}
      {client.secretRotations?.map((rotation) => (
        <RotationNote key={rotation.formerId} rotation={rotation} rows={rows} locked={locked} />
      ))}
      {rows.length > 1 && <CredentialTimeline rows={rows} />}
      {shown.map((look) => (
        <MarginBlock
          key={look.kind}
          title={look.words.title}
          help={look.words.help(limit)}
          action={
            <div className="block-actions">
              <Button
                icon="plus"
                disabledReason={look.kind === "ClientSecret" ? reason : locked}
                onPress={() => sheets.open(look.sheet)}
              >
                {look.words.make}
              </Button>
              {look.kind === "FederatedCredential" && rows.some(({ __typename }) => __typename === look.kind) && (
                <Button onPress={() => sheets.open("try")}>{words.tryToken.open}</Button>
              )}
            </div>
          }
        >
          {client.credentials ? (
            <CredentialsTable
              look={look}
              rows={rows.filter((row) => row.__typename === look.kind)}
              locked={locked}
              {...(look.kind === "ClientSecret" ? { onRotate: setRotating } : {})}
              onRevoke={setRevoking}
            />
          ) : (
            <div className="panel">
              <EmptyState>{words.credentials.hidden}</EmptyState>
            </div>
          )}
        </MarginBlock>
      ))}
      <TokenSection client={client} workspace={workspace} sheets={sheets} />
      {client.credentials?.pageInfo.hasNextPage && <p className="small muted">{words.credentials.more}</p>}
      {AddSecret && isAdding && <AddSecret owner={owner} onMade={() => sheets.made("secret")} onClose={sheets.close} />}
      {AddSecret && rotated && (
        <AddSecret
          owner={{
            ...owner,
            rotates: {
              id: rotated.id,
              mark: markOf(rotated),
              overlap,
              overlaps: overlapsUpTo(client.settings?.secretOverlapLimit.value ?? overlap, overlap),
            },
          }}
          onMade={async () => {
            setRotating(rotated);
            await sheets.leave();
          }}
          onClose={() => {
            setRotating(null);
            sheets.close();
          }}
        />
      )}
      {OtherSheets && (
        <OtherSheets
          {...{ client, workspace, owner, sheets, ceiling, nameOf }}
          mayWrite={locked === undefined}
          mayImport={reason === undefined}
        />
      )}
      {revoking && (
        <RevokeCredential
          row={revoking}
          client={client}
          lifetime={client.settings?.accessTokenLifetime.value ?? 0}
          isLast={rows.filter((row) => credentialState(row, now).works).length === 1}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}

/** With what a client proves who it is: its secrets, keys and certificates, their use and their end. */
export function ClientCredentials() {
  const { id } = useClientAddress();
  const page = usePage(ClientCredentialsPage, { id });
  if (page.wait) return page.wait;
  const { workspace, node } = page.data;
  const found = clientOf({ workspace, node });
  if (found.wait) return found.wait;
  return (
    <>
      <ClientPageHead client={found.client} permissions={workspace.viewerPermissions} current="credentials" />
      <Credentials client={found.client} workspace={workspace} />
    </>
  );
}
