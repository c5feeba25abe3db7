import { number } from "../../format.ts";

/** A rate as words: whole from 10 on, two digits below: `248`, `7.4`, `0.25`. */
export function rateWords(rate: number): string {
  if (rate >= 10) return number(Math.round(rate));
  return String(Number(rate.toFixed(rate >= 1 ? 1 : 2)));
}
