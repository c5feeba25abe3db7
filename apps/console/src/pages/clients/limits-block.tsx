import { useState } from "react";
import { day, span } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choices.tsx";
import { Select, TextField } from "../../ui/field.tsx";
import { seconds } from "../settings/seconds.ts";
import { type Allowed, type Expiry, endOf, fits, presets, tokenLives } from "./limits.ts";
import { createWords as words } from "./text.ts";
import type { Draft } from "./use-draft.ts";

const DAY = 86_400_000;

/** How the secret ends, in words. */
export function secretWords({ expiry, date }: Draft, now: number): string {
  const end = endOf(expiry, date, now);
  return end === null ? words.secretNever : words.secretEnds(end === undefined ? "…" : day(end));
}

function expiryChoices(allowed: Allowed) {
  const many = presets.map((days) => ({
    value: `${days}` as Expiry,
    label: span(days * DAY),
    disabled: !fits(days, allowed),
  }));
  const never = { value: "never" as Expiry, label: words.never, disabled: allowed.longestSecret !== null };
  return [never, ...many, { value: "date" as Expiry, label: words.date }];
}

export interface LimitsProps {
  readonly draft: Draft;
  readonly allowed: Allowed;
  readonly now: number;
  /** The day was missing or past when it was sent. */
  readonly badDate: boolean;
  readonly onChange: (next: Partial<Draft>) => void;
}

function Expires({ draft, allowed, now, badDate, onChange }: LimitsProps) {
  const { longestSecret } = allowed;
  const latest = longestSecret === null ? undefined : words.latest(day(now + longestSecret * DAY));
  return (
    <>
      <RadioCards
        label={words.expiry}
        look="presets"
        value={draft.expiry}
        onChange={(expiry) => onChange({ expiry })}
        choices={expiryChoices(allowed)}
        help={draft.expiry === "never" ? words.neverWarning : latest}
      />
      {draft.expiry === "date" && (
        <TextField
          label={words.day}
          type="date"
          value={draft.date}
          onChange={(date) => onChange({ date })}
          error={badDate ? words.pickDay : undefined}
        />
      )}
    </>
  );
}

/** Token life and the secret's end, folded into one line while nobody wants them otherwise. */
export function LimitsBlock(props: LimitsProps) {
  const { draft, allowed, now, badDate, onChange } = props;
  const [open, setOpen] = useState(false);
  const lasts = seconds(draft.tokenLife ?? allowed.tokenLife);
  if (!open && !badDate)
    return (
      <div className="create-folded">
        <span className="soft">{words.limitsLine(lasts, secretWords(draft, now))}</span>
        <Button
          variant="quiet"
          size="compact"
          onPress={() => setOpen(true)}
          aria-label={`${words.change}: ${words.limits}`}
        >
          {words.change}
        </Button>
      </div>
    );
  const inherited = { value: "", label: words.inherited(seconds(allowed.tokenLife)) };
  const own = tokenLives(allowed, draft.tokenLife).map((life) => ({ value: String(life), label: seconds(life) }));
  return (
    <div>
      <Expires {...props} />
      <Select
        label={words.tokenLife}
        value={draft.tokenLife === null ? "" : String(draft.tokenLife)}
        onChange={(value) => onChange({ tokenLife: value === "" ? null : Number(value) })}
        choices={[inherited, ...own]}
        help={allowed.longestToken < 86_400 ? words.atMost(seconds(allowed.longestToken)) : undefined}
      />
      <TextField
        label={words.description}
        value={draft.description}
        onChange={(description) => onChange({ description })}
        maxLength={1000}
        optional
      />
    </div>
  );
}
