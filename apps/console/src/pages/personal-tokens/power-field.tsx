import { type Failure, problemOf } from "../../server/ask.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { Problem } from "../../ui/field.tsx";
import { ScopeGrid } from "../../ui/scope-grid.tsx";
import type { Draft } from "../api-tokens/use-draft.ts";
import { groupsOf } from "./draft.ts";
import { words } from "./text.ts";

const { form: say } = words;

type Power = Pick<Draft, "power" | "chosen">;

/** Everything that the person may do, or some of it. */
export function PersonalPowerField({
  draft,
  onChange,
  failures,
  held,
  disabled = false,
}: {
  draft: Power;
  onChange: (next: Partial<Power>) => void;
  failures: readonly Failure[];
  /** What the person may do in the whole tenant. */
  held: readonly string[];
  disabled?: boolean;
}) {
  const problem = problemOf(failures, "permissions");
  const all = [...new Set([...held, ...draft.chosen])];
  return (
    <>
      <RadioCards
        label={say.power}
        value={draft.power}
        onChange={(power) => onChange({ power })}
        choices={[
          { value: "all", label: say.all, help: say.allHelp, disabled },
          { value: "chosen", label: say.some, help: say.someHelp, disabled },
        ]}
        error={draft.power === "all" ? problem : undefined}
      />
      {draft.power === "chosen" && (
        <div className="field">
          <ScopeGrid
            choosing
            groups={groupsOf(all)}
            value={draft.chosen}
            onChange={(chosen) => onChange({ chosen })}
            readOnly={disabled}
          />
          {problem && <Problem>{problem}</Problem>}
        </div>
      )}
    </>
  );
}
