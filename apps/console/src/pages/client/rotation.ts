/** What is known of a rotation wherever a client is shown. */
export interface Rotation {
  readonly formerId: string;
  readonly state: string;
  readonly formerIssued: number;
  readonly successorIssued: number;
}

/** How much of the last hour's tokens were for the successor, in percent, rounded down; null where there were none. */
export function movedPercent({ formerIssued, successorIssued }: Omit<Rotation, "formerId" | "state">): number | null {
  const all = formerIssued + successorIssued;
  return all === 0 ? null : Math.floor((successorIssued / all) * 100);
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How long both secrets may work, in seconds: what is usual, and what the settings say, up to their limit. */
export const overlapsUpTo = (limit: number, setting: number): readonly number[] =>
  [...new Set([HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY, setting])].filter((one) => one <= limit).sort((a, b) => a - b);

/** Those that have not come to their end. */
export const running = <One extends Pick<Rotation, "state">>(
  rotations: readonly One[] | null | undefined,
): readonly One[] => (rotations ?? []).filter(({ state }) => state === "RUNNING");

/** The credentials of a client; a secret that another one replaces says so. */
export function withRotations<Row extends { readonly id: string }>(
  rows: readonly Row[],
  rotations: readonly Pick<Rotation, "formerId" | "state">[] | null | undefined,
): readonly (Row & { readonly isRetiring?: boolean })[] {
  const retiring = new Set(running(rotations).map(({ formerId }) => formerId));
  return rows.map((row) => (retiring.has(row.id) ? { ...row, isRetiring: true } : row));
}
