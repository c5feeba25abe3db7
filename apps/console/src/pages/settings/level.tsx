import type { SettingsHereFragment } from "../../gql/graphql.ts";
import type { Failure } from "../../server/ask.ts";
import { PageHead } from "../../ui/page-head.tsx";
import { type Draft, draftOf, inputOf, type Sent } from "./draft.ts";
import { issuerSections, namesIn, SettingsForm } from "./form.tsx";
import { Issuance } from "./issuance.tsx";
import { useStaged } from "./use-staged.ts";

const NAMES = namesIn(issuerSections);

/** The settings of a level above the workspaces: the tenant's, the installation's. */
export function LevelSettings({
  level,
  place,
  title,
  lead,
  settings,
  locked,
  update,
}: {
  level: "TENANT" | "INSTALLATION";
  /** What stopping stops, by its name. */
  place: string;
  title: string;
  lead: string;
  settings: SettingsHereFragment;
  locked: string | undefined;
  /** Sends the changed members; answers why not, or nothing. */
  update: (changed: Record<string, Sent>) => Promise<readonly Failure[]>;
}) {
  const send = async (before: Draft, after: Draft): Promise<readonly Failure[]> => {
    const changed = inputOf(before, after, () => true);
    return changed ? update(changed) : [];
  };
  const form = useStaged(draftOf(settings, NAMES), {}, send);
  return (
    <>
      <PageHead title={title}>{lead}</PageHead>
      <SettingsForm form={form} settings={settings} sections={issuerSections} locked={locked} />
      <Issuance
        setting={settings.issuance}
        level={level}
        place={place}
        locked={locked}
        send={(issuance) => update({ issuance })}
      />
    </>
  );
}
