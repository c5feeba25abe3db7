import type { ResultOf } from "@graphql-typed-document-node/core";
import type { Failure } from "../server/ask.ts";
import { graphql } from "../server/document.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { MarginBlock } from "../ui/states.tsx";
import { DangerBlock } from "./client/danger-block.tsx";
import "./client/documents.ts";
import { mayNot } from "../may-not.ts";
import { ClientPageHead } from "./client/head.tsx";
import { words } from "./client/text.ts";
import { clientOf, useClientAddress } from "./client/use-client.tsx";
import "./settings/documents.ts";
import { type Draft, draftOf, inputOf, isSetting } from "./settings/draft.ts";
import { clientSections, namesIn, SettingsForm } from "./settings/form.tsx";
import { SigningStart } from "./settings/signing-start.tsx";
import { useStaged } from "./settings/use-staged.ts";

const ClientSettingsPage = graphql(`
  query ClientSettingsPage($workspace: Slug!, $id: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
    }
    node(id: $id) {
      __typename
      ... on Client {
        ...ClientHead
        settings {
          ...ClientSettingsHere
        }
        signingStart {
          startsAt
          signsMeanwhile
        }
      }
    }
  }
`);

const updateClient = graphql(`
  mutation UpdateClient($input: UpdateClientInput!) {
    updateClient(input: $input) {
      client {
        id
        name
        description
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

const updateClientSettings = graphql(`
  mutation UpdateClientSettings($input: UpdateClientSettingsInput!) {
    updateClientSettings(input: $input) {
      client {
        id
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

type Answer = ResultOf<typeof ClientSettingsPage>;
type SettingsClient = Extract<NonNullable<Answer["node"]>, { __typename: "Client" }>;

const { settings: say } = words;
const LABELS = { name: say.name, description: say.description };
const NAMES = namesIn(clientSections);

function Form({ client, permissions }: { client: SettingsClient; permissions: readonly string[] }) {
  const rename = useMutate(updateClient);
  const update = useMutate(updateClientSettings);
  const send = async (before: Draft, after: Draft): Promise<readonly Failure[]> => {
    const general = inputOf(before, after, (member) => !isSetting(member));
    if (general) {
      const done = await rename({ id: client.id, ...general });
      if (!done.ok) return done.failures;
    }
    const settings = inputOf(before, after, isSetting);
    const done = settings && (await update({ clientId: client.id, ...settings }));
    return done && !done.ok ? done.failures : [];
  };
  const { name, description } = client;
  const form = useStaged({ name, description, ...draftOf(client.settings, NAMES) }, LABELS, send);
  const locked = mayNot(permissions, "client:write");
  return (
    <>
      <SettingsForm
        form={form}
        settings={client.settings}
        sections={clientSections}
        locked={locked}
        below={(name, typed) =>
          name === "signingAlgorithm" &&
          client.settings && <SigningStart settings={client.settings} start={client.signingStart} typed={typed} />
        }
      >
        <MarginBlock title={say.general} help={say.generalHelp}>
          <TextField
            label={say.name}
            value={String(form.draft["name"])}
            onChange={(typed) => form.set("name", typed)}
            error={form.problem("name")}
            disabled={locked !== undefined}
            maxLength={100}
            required
          />
          <TextArea
            label={say.description}
            value={String(form.draft["description"])}
            onChange={(typed) => form.set("description", typed)}
            error={form.problem("description")}
            disabled={locked !== undefined}
            optional
          />
        </MarginBlock>
      </SettingsForm>
      <DangerBlock client={client} permissions={permissions} />
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
      <Form key={client.id} client={client} permissions={workspace.viewerPermissions} />
    </>
  );
}
