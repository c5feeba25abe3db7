import { type Failure, problemOf } from "../../server/ask.ts";
import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { failureAt, type Places, RoleFields } from "../members/role-fields.tsx";
import { isComplete } from "../members/roles-of.ts";
import type { Provider } from "./documents.ts";
import type { Draft } from "./draft.ts";
import { words } from "./text.ts";

const { sheet: say } = words;

interface Props {
  readonly draft: Draft;
  readonly onChange: (next: Partial<Draft>) => void;
  readonly failures: readonly Failure[];
  /** The one that is edited. */
  readonly provider?: Provider | undefined;
  readonly places: Places;
}

/** How people become members, and with which role. */
function Joining({ draft, onChange, failures, places }: Omit<Props, "provider">) {
  return (
    <>
      <RadioCards
        label={say.joining}
        value={draft.joining}
        onChange={(joining) => onChange({ joining })}
        choices={(["INVITED", "ANYONE"] as const).map((value) => ({
          value,
          label: words.joining[value],
          help: say.joiningHelp[value],
        }))}
        error={problemOf(failures, "joining")}
      />
      {draft.joining === "ANYONE" && (
        <fieldset className="member-role">
          <legend className="sr">{say.role}</legend>
          <RoleFields
            {...places}
            value={draft.role}
            onChange={(role) => onChange({ role })}
            problemAt={(member) =>
              failureAt(failures, "roles", "0", member) ??
              (member === "roleId" && !isComplete(draft.role)
                ? failures.find(({ path }) => path.length === 1 && path[0] === "roles")
                : undefined)
            }
          />
        </fieldset>
      )}
    </>
  );
}

/** All that is said of a provider. */
export function ProviderForm({ provider, ...props }: Props) {
  const { draft, onChange, failures } = props;
  const typed = (member: keyof Draft & string) => ({
    value: String(draft[member]),
    onChange: (value: string) => onChange({ [member]: value }),
    error: problemOf(failures, member),
  });
  return (
    <>
      <TextField label={say.name} help={say.nameHelp} {...typed("name")} maxLength={100} autoFocus required />
      {provider ? (
        <KeyValueList
          items={[
            { label: say.issuer, value: provider.issuer, mono: true },
            { label: say.redirectUri, value: provider.redirectUri, mono: true, copy: provider.redirectUri },
          ]}
        />
      ) : (
        <TextField label={say.issuer} help={say.issuerHelp} {...typed("issuer")} type="url" mono required />
      )}
      <TextField label={say.clientId} {...typed("clientId")} mono required autoComplete="off" />
      <TextField
        label={say.clientSecret}
        help={provider ? say.secretKept : say.secretHelp}
        {...typed("clientSecret")}
        type="password"
        autoComplete="off"
        optional={provider !== undefined}
      />
      <Joining {...props} />
      <TextField
        label={say.domains}
        help={say.domainsHelp}
        {...typed("domains")}
        error={failureAt(failures, "emailDomains")?.message}
        optional
      />
      <TextField label={say.scopes} help={say.scopesHelp} {...typed("scopes")} mono optional />
      <Checkbox checked={draft.isRequired} onChange={(isRequired) => onChange({ isRequired })} help={say.requiredHelp}>
        {say.required}
      </Checkbox>
      {!provider && <p className="small muted">{say.redirectLater}</p>}
    </>
  );
}
