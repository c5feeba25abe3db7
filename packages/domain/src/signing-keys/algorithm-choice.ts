import type { SigningAlgorithm } from "@mintmark/token-issuer";
import type { OwnSettings } from "../settings/settings.ts";

/** A client's or a workspace's row, as far as it says what signs. */
export interface AlgorithmChoice {
  readonly settings: OwnSettings;
  /** What signed when that was chosen. */
  readonly signingAlgorithmBefore: SigningAlgorithm | null;
}

/**
 * What is to sign, and what in its place while that one's first key waits, in turn. What a client had before counts while
 * it has an algorithm of its own; else it goes with its workspace. Pure.
 *
 * @param choices the nearest first
 */
export const algorithmsInTurn = (choices: readonly AlgorithmChoice[]): readonly SigningAlgorithm[] =>
  choices.flatMap(({ settings: { signingAlgorithm }, signingAlgorithmBefore }) =>
    signingAlgorithm ? [signingAlgorithm, ...(signingAlgorithmBefore ? [signingAlgorithmBefore] : [])] : [],
  );
