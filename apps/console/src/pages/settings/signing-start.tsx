import { dayAndClock } from "../../format.ts";
import { Banner } from "../../ui/states.tsx";
import { useNow } from "../../ui/time.tsx";
import type { Typed } from "./draft.ts";
import type { SettingsHere } from "./kinds.ts";
import { seconds } from "./seconds.ts";
import { words } from "./text.ts";

const { signingStart: say } = words;

/** When the chosen algorithm signs, and what signs until then: before it is saved in general, afterwards to the minute. */
export function SigningStart({
  settings: { signingAlgorithm, jwksMaxAge },
  start,
  typed,
}: {
  settings: Pick<SettingsHere, "signingAlgorithm" | "jwksMaxAge">;
  /** As the server has it: absent where the algorithm that counts signs already. */
  start: { readonly startsAt: string; readonly signsMeanwhile: string } | null | undefined;
  typed: Typed;
}) {
  const now = useNow();
  const counts = signingAlgorithm.value;
  const wanted = typeof typed === "string" ? typed : signingAlgorithm.inheritedValue;
  if (wanted !== counts)
    return (
      <Banner tone="info">
        {say.wouldWait(wanted, start?.signsMeanwhile ?? counts, seconds(2 * (jwksMaxAge.value ?? 0)))}
      </Banner>
    );
  const startsAt = start ? Date.parse(start.startsAt) : 0;
  if (!start || startsAt <= now) return null;
  return <Banner tone="info">{say.waits(counts, start.signsMeanwhile, dayAndClock(startsAt, now))}</Banner>;
}
