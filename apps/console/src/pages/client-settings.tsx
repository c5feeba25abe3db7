import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { Banner, MarginBlock } from "../ui/states.tsx";
import { DangerBlock } from "./client/danger-block.tsx";
import "./client/documents.ts";
import "./client/effective-settings.ts";
import { ClientPageHead } from "./client/head.tsx";
import { LeaveGuard } from "./client/leave-guard.tsx";
import { MethodSetting } from "./client/method-setting.tsx";
import { NumberSetting } from "./client/number-setting.tsx";
import { SaveBar } from "./client/save-bar.tsx";
import { draftOf } from "./client/settings-draft.ts";
import { mayNot } from "./client/state.ts";
import { words } from "./client/text.ts";
import { clientOf, useClientAddress } from "./client/use-client.tsx";
import { useSettings } from "./client/use-settings.ts";

const ClientSettingsPage = graphql(`
  query ClientSettingsPage($workspace: Slug!, $id: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
      settings {
        ...EffectiveSettings
      }
    }
    node(id: $id) {
      __typename
      ... on Client {
        ...ClientHead
        settings {
          ...EffectiveSettings
        }
      }
    }
  }
`);

type Answer = ResultOf<typeof ClientSettingsPage>;
type SettingsClient = Extract<NonNullable<Answer["node"]>, { __typename: "Client" }>;
type SettingsWorkspace = NonNullable<Answer["workspace"]>;

const { settings: say } = words;

function Form({ client, workspace }: { client: SettingsClient; workspace: SettingsWorkspace }) {
  const form = useSettings(client.id, draftOf(client, client.settings));
  const { draft, set, problem } = form;
  const locked = mayNot(workspace.viewerPermissions, "client:write");
  const common = { client: client.settings, workspace: workspace.settings, disabled: locked !== undefined };
  return (
    <>
      <form
        className="client-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (form.dirty && !form.pending) void form.save();
        }}
      >
        {locked && <Banner tone="info">{`${say.readOnly} ${locked}`}</Banner>}
        <MarginBlock title={say.general} help={say.generalHelp}>
          <TextField
            label={say.name}
            value={draft.name}
            onChange={(name) => set({ name })}
            error={problem("name")}
            disabled={common.disabled}
            maxLength={100}
            required
          />
          <TextArea
            label={say.description}
            value={draft.description}
            onChange={(description) => set({ description })}
            error={problem("description")}
            disabled={common.disabled}
            optional
          />
        </MarginBlock>
        <MarginBlock title={say.authentication} help={say.authenticationHelp}>
          <MethodSetting
            {...common}
            chosen={draft.clientAuthenticationMethods}
            onChange={(clientAuthenticationMethods) => set({ clientAuthenticationMethods })}
            error={problem("clientAuthenticationMethods")}
          />
        </MarginBlock>
        <MarginBlock title={say.tokens} help={say.tokensHelp}>
          <NumberSetting
            {...common}
            name="accessTokenLifetime"
            label={say.lifetime}
            rule={say.shortest}
            first={900}
            typed={draft.accessTokenLifetime}
            onChange={(accessTokenLifetime) => set({ accessTokenLifetime })}
            error={problem("accessTokenLifetime")}
          />
        </MarginBlock>
        <MarginBlock title={say.secrets} help={say.secretsHelp}>
          <NumberSetting
            {...common}
            name="clientSecretLifetime"
            label={say.secretLifetime}
            rule={say.shortest}
            first={90}
            typed={draft.clientSecretLifetime}
            onChange={(clientSecretLifetime) => set({ clientSecretLifetime })}
            error={problem("clientSecretLifetime")}
          />
          <NumberSetting
            {...common}
            name="clientSecretLimit"
            label={say.secretLimit}
            rule={say.least}
            first={5}
            typed={draft.clientSecretLimit}
            onChange={(clientSecretLimit) => set({ clientSecretLimit })}
            error={problem("clientSecretLimit")}
          />
        </MarginBlock>
        <button type="submit" hidden />
      </form>
      <DangerBlock client={client} permissions={workspace.viewerPermissions} />
      {form.dirty && (
        <SaveBar
          summary={`${say.unsaved}: ${form.names}`}
          save={say.save}
          pending={form.pending}
          error={form.error}
          onSave={() => void form.save()}
          onDiscard={form.discard}
        />
      )}
      <LeaveGuard dirty={form.dirty && !form.pending} question={say.leave} />
    </>
  );
}

/** Name, limits and ways to authenticate of a client, where each value comes from, and what stops it. */
export function ClientSettings() {
  const { id } = useClientAddress();
  const page = usePage(ClientSettingsPage, { id });
  if (page.wait) return page.wait;
  const { workspace, node } = page.data;
  const found = clientOf({ workspace, node });
  if (found.wait) return found.wait;
  const { client } = found;
  return (
    <>
      <ClientPageHead client={client} permissions={workspace.viewerPermissions} current="settings" />
      <Form key={client.id} client={client} workspace={workspace} />
    </>
  );
}
