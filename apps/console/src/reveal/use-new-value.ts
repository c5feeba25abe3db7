import { useState } from "react";
import type { Failure } from "../server/ask.ts";
import { toast } from "../ui/toast.tsx";
import { useIsLeft } from "./use-is-left.ts";
import type { ValueAnswer, ValueCall } from "./use-value-call.ts";

/** Where asking for a new value stands. */
export type Stage = { readonly at: "draft" | "sending" } | Extract<ValueAnswer<unknown>, { at: "uncertain" | "lost" }>;

export interface NewValue<Input, Shown> {
  readonly stage: Stage;
  readonly failures: readonly Failure[];
  readonly setFailures: (failures: readonly Failure[]) => void;
  /** The only place where the value is. */
  readonly revealed: Shown | null;
  readonly submit: (input: Input) => Promise<void>;
}

/**
 * Asks for a new value until it is there.
 *
 * @param show what the sheet shows of it
 * @param unseen says that it was made, and nobody saw it
 * @param onMade before it is shown: the address must no longer say that one is to be made
 */
export function useNewValue<Input, Payload, Shown>(
  { make, replace }: ValueCall<Input, Payload>,
  show: (value: string, input: Input, payload: Payload) => Shown,
  unseen: (input: Input) => string,
  onMade: () => Promise<void>,
): NewValue<Input, Shown> {
  const [stage, setStage] = useState<Stage>({ at: "draft" });
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [revealed, setRevealed] = useState<Shown | null>(null);
  const isLeft = useIsLeft();
  const submit = async (input: Input) => {
    const before = stage;
    setStage({ at: "sending" });
    const done = await (before.at === "lost" ? replace(before.id, input) : make(input));
    if (done.at === "made" && isLeft.current) return toast(unseen(input));
    setFailures(done.at === "refused" ? done.failures : []);
    if (done.at === "lost" || done.at === "uncertain") return setStage(done);
    if (done.at === "made") await onMade();
    setStage({ at: "draft" });
    if (done.at === "made") setRevealed(() => show(done.value, input, done.payload));
  };
  return { stage, failures, setFailures, revealed, submit };
}
