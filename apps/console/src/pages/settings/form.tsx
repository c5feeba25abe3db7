import type { ReactNode } from "react";
import { Banner, MarginBlock } from "../../ui/states.tsx";
import type { Typed } from "./draft.ts";
import type { SettingName, SettingsHere } from "./kinds.ts";
import { LeaveGuard } from "./leave-guard.tsx";
import { SaveBar } from "./save-bar.tsx";
import { SettingField } from "./setting-field.tsx";
import { words } from "./text.ts";
import type { Staged } from "./use-staged.ts";

/** Settings that belong together. */
export interface Section {
  readonly title: string;
  readonly help: string;
  readonly names: readonly SettingName[];
}

const { sections } = words;

/** What a workspace, a tenant and the installation may say. */
export const issuerSections: readonly Section[] = [
  {
    ...sections.tokens,
    names: ["accessTokenFormat", "accessTokenLifetime", "clientTokenLimit", "workspaceTokenLimit", "statusList"],
  },
  {
    ...sections.authentication,
    names: ["clientAuthenticationMethods", "dpop", "certificateBinding", "tokenExchange", "jwtScheme"],
  },
  {
    ...sections.secrets,
    names: ["clientApproval", "clientSecretLifetime", "clientSecretLimit", "clientKeyLifetime"],
  },
  { ...sections.rotation, names: ["secretOverlap", "secretOverlapLimit", "secretQuietPeriod"] },
  {
    ...sections.staticTokens,
    names: [
      "generatedTypes",
      "apiTokens",
      "apiTokenLimit",
      "personalTokens",
      "personalTokenLimit",
      "staticTokenLifetime",
      "staticTokenExpiry",
    ],
  },
  { ...sections.keys, names: ["signingAlgorithm", "signingKeyLifetime", "jwksMaxAge"] },
  { ...sections.records, names: ["tokenLogRetention", "auditRetention", "whenDatabaseAway", "maxStale"] },
];

/** What counts at the admin workspace alone. */
const OF_MEMBERS: readonly SettingName[] = ["personalTokens", "personalTokenLimit"];

/** What a workspace may say: claims of its own besides, and about its members where those are. */
export const workspaceSections = (kind: string): readonly Section[] =>
  issuerSections.map((section) => {
    if (section.title === sections.tokens.title) return { ...section, names: [...section.names, "customClaims"] };
    if (kind === "ADMIN") return section;
    return { ...section, names: section.names.filter((name) => !OF_MEMBERS.includes(name)) };
  });

/** What a client may say for itself. */
export const clientSections: readonly Section[] = [
  {
    ...sections.tokens,
    names: ["accessTokenFormat", "signingAlgorithm", "accessTokenLifetime", "clientTokenLimit", "customClaims"],
  },
  {
    ...sections.authentication,
    names: ["clientAuthenticationMethods", "dpop", "certificateBinding", "tokenExchange", "tokenEndpointAudience"],
  },
  { ...sections.secrets, names: ["clientSecretLifetime", "clientSecretLimit", "clientKeyLifetime", "apiTokenLimit"] },
];

export const namesIn = (all: readonly Section[]): readonly SettingName[] => all.flatMap(({ names }) => names);

/** The form of one level: its own facts first, then the settings, and a bar to save while something is staged. */
export function SettingsForm({
  form,
  settings,
  sections,
  locked,
  below,
  children,
}: {
  form: Staged;
  settings: SettingsHere | null | undefined;
  sections: readonly Section[];
  /** Why this person may change nothing. */
  locked: string | undefined;
  /** What is shown below a setting's field, for what was typed there. */
  below?: (name: SettingName, typed: Typed) => ReactNode;
  children?: ReactNode;
}) {
  return (
    <>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (form.dirty && !form.pending) void form.save();
        }}
      >
        {locked && <Banner tone="info">{words.readOnly(locked)}</Banner>}
        {children}
        {sections.map(({ title, help, names }) => (
          <MarginBlock key={title} title={title} help={help}>
            {names.map((name) => {
              const setting = settings?.[name];
              return (
                setting && (
                  <div key={name}>
                    <SettingField
                      name={name}
                      setting={setting}
                      typed={form.draft[name] ?? null}
                      onChange={(typed) => form.set(name, typed)}
                      disabled={locked !== undefined}
                      error={form.problem(name)}
                    />
                    {below?.(name, form.draft[name] ?? null)}
                  </div>
                )
              );
            })}
          </MarginBlock>
        ))}
        <button type="submit" hidden />
      </form>
      {form.dirty && (
        <SaveBar
          summary={`${words.unsaved}: ${form.names}`}
          save={words.save}
          pending={form.pending}
          error={form.error}
          onSave={() => void form.save()}
          onDiscard={form.discard}
        />
      )}
      <LeaveGuard dirty={form.dirty} question={words.leave} />
    </>
  );
}
