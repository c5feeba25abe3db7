import { refuse } from "../change/actor.ts";
import type { Noun } from "../id.ts";
import type { GeneratedType } from "../settings/generated-types.ts";
import type { EffectiveSettings } from "../settings/settings.ts";

/** Refuses to generate what the tenant did not choose; whether anything may be is said by other settings. @throws Refusal TURNED_OFF */
export function refuseType({ generatedTypes }: EffectiveSettings, noun: Noun, type: GeneratedType): void {
  if (!generatedTypes.value.includes(type)) refuse({ code: "TURNED_OFF", noun, setting: "generatedTypes", type });
}
