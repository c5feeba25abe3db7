import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { Banner } from "../../ui/states.tsx";
import { seconds } from "../settings/seconds.ts";
import { words } from "./text.ts";

/** How long a secret works on beside its successor, in seconds; or that it ends now, and whether the tokens it got end too. */
export type Overlap = { readonly seconds: number } | { readonly endNow: true; readonly withTokens: boolean };

const NOW = "now";

/** The choice of an overlap; an emergency has none. */
export function OverlapField({
  value,
  lengths,
  onChange,
  disabled,
  error,
}: {
  value: Overlap;
  lengths: readonly number[];
  onChange: (overlap: Overlap) => void;
  disabled: boolean;
  error: string | undefined;
}) {
  const { rotation } = words;
  const isNow = "endNow" in value;
  return (
    <>
      <RadioCards
        label={rotation.overlap}
        look="presets"
        value={isNow ? NOW : String(value.seconds)}
        onChange={(chosen) =>
          onChange(chosen === NOW ? { endNow: true, withTokens: false } : { seconds: Number(chosen) })
        }
        choices={[
          ...lengths.map((length) => ({ value: String(length), label: seconds(length), disabled })),
          {
            value: NOW,
            label: rotation.endNow,
            disabled,
          },
        ]}
        help={isNow ? undefined : rotation.both(seconds(value.seconds))}
        error={error}
      />
      {isNow && (
        <>
          <Banner tone="warn">{rotation.endNowHelp}</Banner>
          <div className="field">
            <Checkbox
              checked={value.withTokens}
              onChange={(withTokens) => onChange({ endNow: true, withTokens })}
              help={rotation.withTokensHelp}
              disabled={disabled}
            >
              {rotation.withTokens}
            </Checkbox>
          </div>
        </>
      )}
    </>
  );
}
