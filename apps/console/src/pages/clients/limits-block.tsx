import { useState } from "react";
import { day } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { Select, TextField } from "../../ui/field.tsx";
import { endOf } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { seconds } from "../settings/seconds.ts";
import { type Allowed, tokenLives } from "./limits.ts";
import { createWords as words } from "./text.ts";
import type { Draft } from "./use-draft.ts";

/** How the secret ends, in words. */
export function secretWords({ expiry }: Draft, now: number): string {
  const end = endOf(expiry, now);
  return end === null ? words.secretNever : words.secretEnds(end === undefined ? "…" : day(end));
}

export interface LimitsProps {
  readonly draft: Draft;
  readonly allowed: Allowed;
  readonly now: number;
  /** What is wrong with the secret's end, once it was sent. */
  readonly badEnd: string | undefined;
  readonly onChange: (next: Partial<Draft>) => void;
  /** It gets no secret now: somebody has to approve it first. */
  readonly waits: boolean;
}

/** Token life and the secret's end, folded into one line while nobody wants them otherwise. */
export function LimitsBlock(props: LimitsProps) {
  const { draft, allowed, now, badEnd, onChange, waits } = props;
  const [open, setOpen] = useState(false);
  const lasts = seconds(draft.tokenLife ?? allowed.tokenLife);
  if (!open && badEnd === undefined)
    return (
      <div className="create-folded">
        <span className="soft">{words.limitsLine(lasts, waits ? undefined : secretWords(draft, now))}</span>
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
      {!waits && (
        <ExpiryField
          label={words.expiry}
          value={draft.expiry}
          onChange={(expiry) => onChange({ expiry })}
          ceiling={allowed.secret}
          error={badEnd}
        />
      )}
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
