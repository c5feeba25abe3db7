import { mayNot } from "../may-not.ts";
import { graphql } from "../server/document.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import "./settings/documents.ts";
import { LevelSettings } from "./settings/level.tsx";
import { words } from "./settings/text.ts";

const InstallationSettingsPage = graphql(`
  query InstallationSettingsPage {
    ...TenantFrame
    installationSettings {
      ...SettingsHere
    }
  }
`);

const updateInstallationSettings = graphql(`
  mutation UpdateInstallationSettings($input: UpdateInstallationSettingsInput!) {
    updateInstallationSettings(input: $input) {
      settings {
        __typename
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

const WRITE = "installation-settings:write";

/** What counts for every tenant of this server; only its operators see it. */
export function InstallationSettings() {
  const page = usePage(InstallationSettingsPage, {});
  const update = useMutate(updateInstallationSettings);
  if (page.wait) return page.wait;
  const { viewer, installationSettings } = page.data;
  const { installation: say } = words;
  if (!installationSettings) return <NotYours what={say.hidden} />;
  return (
    <LevelSettings
      level="INSTALLATION"
      place={location.host}
      title={say.title}
      lead={say.lead}
      settings={installationSettings}
      locked={mayNot(viewer.permissions, WRITE)}
      update={async (changed) => {
        const done = await update(changed);
        return done.ok ? [] : done.failures;
      }}
    />
  );
}
