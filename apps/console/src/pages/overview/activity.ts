/** What the token endpoint did in the last day, as the overview reads it. */
export interface Activity {
  readonly clients: number;
  readonly isComplete: boolean;
  readonly lastIssuedAt?: string | null;
  readonly hours: readonly { readonly from: string; readonly issued: number; readonly refused: number }[];
}

export function totals(activity: Activity | null): { readonly issued: number; readonly refused: number } {
  const hours = activity?.hours ?? [];
  const sum = (of: "issued" | "refused") => hours.reduce((all, hour) => all + hour[of], 0);
  return { issued: sum("issued"), refused: sum("refused") };
}

/** A round number at or above the largest, so that the axis reads well: 1, 2, 5, 10, 20, 50 … */
export function ceiling(largest: number): number {
  if (largest <= 1) return 1;
  const size = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((step) => step * size).find((step) => step >= largest) ?? largest;
}
