import { type Failure, isFailure } from "./failure.ts";
import { callerSentence, operatorSentence } from "./failure-sentences.ts";
import type { CollectingRecorder, Step } from "./recorder.ts";

/** How a token request would be decided now, step by step. Nothing is issued and nothing is logged. */
export interface Explanation {
  readonly steps: readonly Step[];
  /** Why it would be refused; `undefined` when it would be granted. */
  readonly failure: Failure | undefined;
  /** What the caller would read, and what the operator should know. */
  readonly caller: string | undefined;
  readonly operator: string | undefined;
}

/** Puts together what a recorder heard and how the path ended. */
export function explanation(recorder: CollectingRecorder, outcome: unknown): Explanation {
  if (!isFailure(outcome)) return { steps: recorder.steps, failure: undefined, caller: undefined, operator: undefined };
  return {
    steps: recorder.steps,
    failure: outcome,
    caller: callerSentence(outcome),
    operator: operatorSentence(outcome),
  };
}
