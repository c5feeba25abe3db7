import { mayNot } from "../may-not.ts";
import { graphql } from "../server/document.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import "./settings/documents.ts";
import { LevelSettings } from "./settings/level.tsx";
import { words } from "./settings/text.ts";

const TenantSettingsPage = graphql(`
  query TenantSettingsPage {
    ...TenantFrame
    tenant {
      id
      name
      settings {
        ...SettingsHere
      }
    }
  }
`);

const updateTenantSettings = graphql(`
  mutation UpdateTenantSettings($input: UpdateTenantSettingsInput!) {
    updateTenantSettings(input: $input) {
      tenant {
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

const WRITE = "tenant-settings:write";

/** What counts in every workspace of the tenant. */
export function TenantSettings() {
  const page = usePage(TenantSettingsPage, {});
  const update = useMutate(updateTenantSettings);
  if (page.wait) return page.wait;
  const { viewer, tenant } = page.data;
  const { tenant: say } = words;
  if (!tenant.settings) return <NotYours what={say.hidden} />;
  return (
    <LevelSettings
      key={tenant.id}
      level="TENANT"
      place={tenant.name}
      title={say.title}
      lead={say.lead}
      settings={tenant.settings}
      locked={mayNot(viewer.permissions, WRITE)}
      update={async (changed) => {
        const done = await update(changed);
        return done.ok ? [] : done.failures;
      }}
    />
  );
}
