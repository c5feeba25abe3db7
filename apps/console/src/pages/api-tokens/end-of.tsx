import { instantInZone } from "../../format.ts";
import { usePreferences } from "../../preferences.ts";
import type { Failure } from "../../server/ask.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { type Ceiling, type Expiry, firstExpiry } from "../expiry/expiry.ts";
import { EndField } from "./fields.tsx";
import { words } from "./text.ts";

const { editing: say } = words;

/** The end as it is, or another one. */
export function EndOf({
  expiresAt,
  expiry,
  onChange,
  ceiling,
  failures,
}: {
  /** As the server has it; null is never. */
  expiresAt: string | null | undefined;
  expiry: Expiry | null;
  onChange: (expiry: Expiry | null) => void;
  ceiling: Ceiling;
  failures: readonly Failure[];
}) {
  const { zone } = usePreferences();
  const stands = expiresAt ? say.endsOn(instantInZone(Date.parse(expiresAt), zone)) : words.form.forever;
  return (
    <>
      <RadioCards
        label={say.end}
        look="presets"
        value={expiry === null ? "keep" : "change"}
        onChange={(choice) => onChange(choice === "keep" ? null : firstExpiry(ceiling.days))}
        choices={[
          { value: "keep", label: say.keep },
          { value: "change", label: say.change },
        ]}
        help={expiry === null ? stands : undefined}
      />
      {expiry !== null && <EndField expiry={expiry} onChange={onChange} ceiling={ceiling} failures={failures} />}
    </>
  );
}
