import { list } from "../../format.ts";
import type { ClientAuthenticationMethod } from "../../gql/graphql.ts";
import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { Problem } from "../../ui/field.tsx";
import { inheritedOf, originWords } from "./inherited.ts";
import type { Effective } from "./settings-draft.ts";
import { words } from "./text.ts";

const { settings: say } = words;
const METHODS = ["CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"] as const;
const NAMES = { CLIENT_SECRET_BASIC: say.basic, CLIENT_SECRET_POST: say.post } as const;
const HELP = { CLIENT_SECRET_BASIC: say.basicHelp, CLIENT_SECRET_POST: say.postHelp } as const;

/** How the client may send its secret: what every level allows, or less. */
export function MethodSetting({
  chosen,
  onChange,
  client,
  workspace,
  disabled,
  error,
}: {
  /** Null while inherited. */
  chosen: readonly ClientAuthenticationMethod[] | null;
  onChange: (chosen: readonly ClientAuthenticationMethod[] | null) => void;
  client: Effective | null | undefined;
  workspace: Effective | null | undefined;
  disabled: boolean;
  error: string | undefined;
}) {
  const inherited = inheritedOf("clientAuthenticationMethods", client, workspace);
  const allowed = inherited?.value ?? METHODS;
  const toggle = (method: ClientAuthenticationMethod, wanted: boolean) =>
    onChange(METHODS.filter((one) => (one === method ? wanted : chosen?.includes(one))));
  return (
    <div className="setting">
      <RadioCards<"inherited" | "here">
        label={say.methods}
        value={chosen === null ? "inherited" : "here"}
        onChange={(choice) => onChange(choice === "inherited" ? null : allowed)}
        choices={[
          {
            value: "inherited",
            label: say.inheritedShort,
            disabled,
            ...(inherited
              ? { help: originWords(list(inherited.value.map((method) => NAMES[method])), inherited.level) }
              : {}),
          },
          { value: "here", label: say.here, disabled, help: say.authenticationRule },
        ]}
      />
      {chosen !== null && (
        <fieldset className="field">
          <legend>{say.methods}</legend>
          {METHODS.map((method) => {
            const isOff = !allowed.includes(method);
            return (
              <Checkbox
                key={method}
                checked={chosen.includes(method) && !isOff}
                onChange={(wanted) => toggle(method, wanted)}
                disabled={disabled || isOff}
                help={isOff && inherited ? say.notAbove(say.from[inherited.level]) : HELP[method]}
              >
                <code>{NAMES[method]}</code>
              </Checkbox>
            );
          })}
          {error && <Problem>{error}</Problem>}
        </fieldset>
      )}
    </div>
  );
}
