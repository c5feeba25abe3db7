import { refuse } from "../change/actor.ts";
import type { EffectiveSettings } from "../settings/settings.ts";

const DAY_MS = 24 * 3600 * 1000;

/** Until when a static token that was made then may live; `undefined`: as long as its owner likes. Pure. */
export function latestEnd({ staticTokenLifetime }: EffectiveSettings, madeAt: Date): Date | undefined {
  const days = staticTokenLifetime.value;
  return days === null ? undefined : new Date(madeAt.getTime() + days * DAY_MS);
}

/** Refuses an end that the settings do not allow; `null` is "never". @throws Refusal INVALID_INPUT */
export function refuseEnd(settings: EffectiveSettings, madeAt: Date, expiresAt: Date | null): void {
  const latest = latestEnd(settings, madeAt);
  const wrong = (problem: string, mend: string) =>
    refuse({ code: "INVALID_INPUT", path: ["expiresAt"], problem, mend });
  if (latest && (expiresAt === null || expiresAt > latest))
    wrong(
      `A static token may live at most ${settings.staticTokenLifetime.value} days here (setting staticTokenLifetime).`,
      `Choose an expiresAt until ${latest.toISOString()}.`,
    );
  if (expiresAt === null && settings.staticTokenExpiry.value === "required")
    wrong("A static token has to end here (setting staticTokenExpiry).", "Choose an expiresAt.");
}
