import type { ResultOf } from "@graphql-typed-document-node/core";
import { plural } from "../format.ts";
import { mayNot } from "../may-not.ts";
import type { Failure } from "../server/ask.ts";
import { graphql } from "../server/document.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { hasApiTokens } from "../shell/navigation.ts";
import { TextField } from "../ui/field.tsx";
import { KeyValueList } from "../ui/key-value-list.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { MarginBlock } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { Authorities } from "./settings/authorities.tsx";
import "./settings/documents.ts";
import { type Draft, draftOf, inputOf, isSetting } from "./settings/draft.ts";
import { namesIn, SettingsForm, workspaceSections } from "./settings/form.tsx";
import { Issuance } from "./settings/issuance.tsx";
import { LockedOut } from "./settings/locked-out.tsx";
import { RevokeAll } from "./settings/revoke-all.tsx";
import { SigningStart } from "./settings/signing-start.tsx";
import { words } from "./settings/text.ts";
import { useStaged } from "./settings/use-staged.ts";
import { WorkspaceEnd } from "./settings/workspace-end.tsx";

const WorkspaceSettingsPage = graphql(`
  query WorkspaceSettingsPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      name
      kind
      status
      issuer
      mtlsTokenEndpoint
      clientAuthorities {
        id
        name
        subject
        fingerprint
        notAfter
        createdAt
      }
      viewerPermissions
      tokensNotBefore
      counts {
        apiTokens
        clients
        resources
      }
      settings {
        ...SettingsHere
      }
      signingStart {
        startsAt
        signsMeanwhile
      }
      tokenActivity {
        clients
        hours {
          issued
        }
      }
    }
  }
`);

const renameWorkspace = graphql(`
  mutation RenameWorkspace($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) {
      workspace {
        id
        name
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

const updateWorkspaceSettings = graphql(`
  mutation UpdateWorkspaceSettings($input: UpdateWorkspaceSettingsInput!) {
    updateWorkspaceSettings(input: $input) {
      workspace {
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

type Workspace = NonNullable<ResultOf<typeof WorkspaceSettingsPage>["workspace"]>;
type Settings = NonNullable<Workspace["settings"]>;

const { workspace: say } = words;

/** What stopping would end, as far as the person may know. */
function measuredOf({ tokenActivity }: Workspace): string | undefined {
  if (!tokenActivity) return undefined;
  const issued = tokenActivity.hours.reduce((sum, hour) => sum + hour.issued, 0);
  if (issued === 0) return words.issuance.quiet;
  return words.issuance.measured(plural(issued, "token"), plural(tokenActivity.clients, "client"));
}

/** What goes with the workspace, as far as the person may know. */
function heldIn({ counts }: Workspace): string | undefined {
  const { clients, resources } = counts ?? {};
  if (clients == null || resources == null) return undefined;
  return words.end.goes(plural(clients, "client"), plural(resources, "API"));
}

/** How many API tokens work now. */
function countedTokens(count: number): string {
  const { none, countedOne, counted } = words.revokeApiTokens;
  return count === 0 ? none : count === 1 ? countedOne : counted(plural(count, "API token"));
}

/** When all access tokens were taken back last. */
function LastRevoked({ at }: { at: string | null | undefined }) {
  if (!at) return words.revokeTokens.never;
  return (
    <>
      {words.revokeTokens.last} <Time at={Date.parse(at)} />.
    </>
  );
}

function Form({ workspace, settings }: { workspace: Workspace; settings: Settings }) {
  const rename = useMutate(renameWorkspace);
  const update = useMutate(updateWorkspaceSettings);
  const { id } = workspace;
  const send = async (before: Draft, after: Draft): Promise<readonly Failure[]> => {
    const name = inputOf(before, after, (member) => member === "name")?.["name"];
    if (typeof name === "string") {
      const done = await rename({ id, name });
      if (!done.ok) return done.failures;
    }
    const changed = inputOf(before, after, isSetting);
    const done = changed && (await update({ workspaceId: id, ...changed }));
    return done && !done.ok ? done.failures : [];
  };
  const sections = workspaceSections(workspace.kind);
  const form = useStaged({ name: workspace.name, ...draftOf(settings, namesIn(sections)) }, { name: say.name }, send);
  const locked = mayNot(workspace.viewerPermissions, "settings:write");
  const isOn = settings.apiTokens.value === "ON";
  const apiTokens = workspace.counts?.apiTokens ?? 0;
  return (
    <>
      <SettingsForm
        form={form}
        settings={settings}
        sections={sections}
        locked={locked}
        below={(name, typed) => {
          if (name === "signingAlgorithm")
            return <SigningStart settings={settings} start={workspace.signingStart} typed={typed} />;
          return (
            name === "clientAuthenticationMethods" &&
            Array.isArray(typed) &&
            settings[name].value.some((method) => !typed.includes(method)) && <LockedOut methods={typed} />
          );
        }}
      >
        <MarginBlock title={say.general} help={say.generalHelp}>
          <TextField
            label={say.name}
            value={String(form.draft["name"])}
            onChange={(name) => form.set("name", name)}
            error={form.problem("name")}
            disabled={mayNot(workspace.viewerPermissions, "workspace:write") !== undefined}
            maxLength={100}
            required
          />
          <KeyValueList
            items={[
              { label: say.slug, value: workspace.slug, mono: true },
              { label: say.issuer, value: workspace.issuer, mono: true, copy: workspace.issuer },
              ...(workspace.mtlsTokenEndpoint
                ? [
                    {
                      label: say.mtls,
                      value: workspace.mtlsTokenEndpoint,
                      mono: true,
                      copy: workspace.mtlsTokenEndpoint,
                    },
                  ]
                : []),
              { label: say.kind, value: say.kinds[workspace.kind] },
            ]}
          />
        </MarginBlock>
      </SettingsForm>
      {(workspace.mtlsTokenEndpoint || (workspace.clientAuthorities ?? []).length > 0) && (
        <Authorities workspaceId={id} authorities={workspace.clientAuthorities ?? []} locked={locked} />
      )}
      <Issuance
        setting={settings.issuance}
        level="WORKSPACE"
        place={workspace.name}
        measured={measuredOf(workspace)}
        locked={locked}
        isSpecial={workspace.kind !== "CUSTOM"}
        send={async (issuance) => {
          const done = await update({ workspaceId: id, issuance });
          return done.ok ? [] : done.failures;
        }}
      />
      <RevokeAll
        what="revokeTokens"
        workspaceId={id}
        place={workspace.name}
        standing={<LastRevoked at={workspace.tokensNotBefore} />}
        effects={[
          words.revokeTokens.body,
          measuredOf(workspace),
          settings.issuance.value === "STOPPED" ? words.revokeTokens.stopped : words.revokeTokens.anew,
        ]}
        disabledReason={mayNot(workspace.viewerPermissions, "token:revoke")}
      />
      {hasApiTokens(isOn, workspace.counts) && (
        <RevokeAll
          what="revokeApiTokens"
          workspaceId={id}
          place={workspace.name}
          standing={countedTokens(apiTokens)}
          effects={[countedTokens(apiTokens), words.revokeApiTokens.body, isOn ? undefined : words.revokeApiTokens.off]}
          disabledReason={
            mayNot(workspace.viewerPermissions, "api-token:write") ??
            (apiTokens === 0 ? words.revokeApiTokens.none : undefined)
          }
        />
      )}
      {workspace.kind === "CUSTOM" && (
        <WorkspaceEnd
          workspace={workspace}
          permissions={workspace.viewerPermissions}
          measured={measuredOf(workspace)}
          held={heldIn(workspace)}
        />
      )}
    </>
  );
}

/** What counts in a workspace, where it comes from, and what stops it. */
export function WorkspaceSettings() {
  const page = usePage(WorkspaceSettingsPage, {});
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  if (!workspace.settings) return <NotYours what={say.hidden} />;
  return (
    <>
      <PageHead title={say.title}>{say.lead}</PageHead>
      <Form key={workspace.id} workspace={workspace} settings={workspace.settings} />
    </>
  );
}
