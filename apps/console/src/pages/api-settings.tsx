import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { MarginBlock } from "../ui/states.tsx";
import { DeleteBlock } from "./apis/delete-block.tsx";
import "./apis/documents.ts";
import { ApiPageHead, apiOf, useApiAddress, whyNot } from "./apis/head.tsx";
import { ServersBlock } from "./apis/servers-block.tsx";
import { words } from "./apis/text.ts";
import { WordsForm } from "./apis/words-form.tsx";

const ApiSettingsPage = graphql(`
  query ApiSettingsPage($workspace: Slug!, $id: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      viewerPermissions
    }
    node(id: $id) {
      __typename
      ... on Resource {
        ...ApiHead
        resourceServers {
          id
          name
          clientId
          status
        }
      }
    }
  }
`);

/** What an API is called, who may look into its tokens, and its end. */
export function ApiSettings() {
  const { id } = useApiAddress();
  const page = usePage(ApiSettingsPage, { id });
  if (page.wait) return page.wait;
  const { workspace, node } = page.data;
  const { api, wait } = apiOf(node, workspace.slug);
  if (wait) return wait;
  const may = workspace.viewerPermissions;
  const reason = whyNot(api, may);
  const { settings } = words;
  return (
    <>
      <ApiPageHead api={api} current="settings" />
      <MarginBlock title={settings.words} help={settings.wordsHelp}>
        <WordsForm key={`${api.id} ${api.name} ${api.description}`} api={api} whyNot={reason} />
      </MarginBlock>
      <MarginBlock title={settings.identifier} help={settings.identifierHelp}>
        <code>{api.identifier}</code>{" "}
        <CopyButton value={api.identifier} what={settings.identifier.toLowerCase()} look="icon" />
      </MarginBlock>
      {!api.isOwnApi && (
        <>
          <ServersBlock
            apiId={api.id}
            servers={may.includes("client:read") ? (api.resourceServers ?? []) : null}
            whyNot={reason}
          />
          <MarginBlock title={settings.danger} help={settings.dangerHelp}>
            <DeleteBlock api={api} whyNot={reason} />
          </MarginBlock>
        </>
      )}
    </>
  );
}
