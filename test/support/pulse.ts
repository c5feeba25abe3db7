import { type EventStream, openStream } from "./events.ts";

const PULSE = `subscription ($id: WorkspaceId!) {
  tokenPulse(workspaceId: $id) { seconds { at issued refused } p50 p99 changed } }`;

/** What a subscription of a workspace's pulse tells at once. */
export interface Pulse {
  readonly seconds: readonly { readonly at: string; readonly issued: number; readonly refused: number }[];
  readonly p50: number | null;
  readonly p99: number | null;
  readonly changed: boolean;
}

/** Watches what a workspace's token endpoint does. */
export const watchPulse = (
  url: string,
  workspaceId: string,
  headers: readonly (readonly [string, string])[],
  accept?: string,
): Promise<EventStream> => openStream(url, { query: PULSE, variables: { id: workspaceId } }, headers, accept);

/** The pulses of a stream so far. */
export const pulsesOf = ({ results }: Pick<EventStream, "results">): readonly Pulse[] =>
  results.flatMap(({ data }) => (data ? [data["tokenPulse"] as Pulse] : []));

/** All that a stream has told: each second as it was told last, added up. */
export function sumsOf(stream: Pick<EventStream, "results">): { readonly issued: number; readonly refused: number } {
  const seconds = new Map(pulsesOf(stream).flatMap((pulse) => pulse.seconds.map((one) => [one.at, one] as const)));
  const sum = (of: "issued" | "refused") => [...seconds.values()].reduce((all, second) => all + second[of], 0);
  return { issued: sum("issued"), refused: sum("refused") };
}

/** The code of the error that a stream ended with. */
export const endCode = ({ results }: Pick<EventStream, "results">): string | undefined =>
  results.at(-1)?.errors?.[0]?.extensions.code;
