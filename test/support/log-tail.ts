import { type EventStream, openStream } from "./events.ts";

/** What a log's tail tells at once. */
interface Told {
  readonly entries: readonly { readonly id: string }[];
  readonly cursor: string;
  readonly isWhole: boolean;
}

type Log = "auditTail" | "tokenLogTail";

/** Follows a log; `filter` is written as arguments. */
export function followLog(
  url: string,
  log: Log,
  workspaceId: string,
  headers: readonly (readonly [string, string])[],
  { after, filter = "" }: { readonly after?: string | undefined; readonly filter?: string } = {},
): Promise<EventStream> {
  const query = `subscription ($id: WorkspaceId!, $after: Cursor) {
    ${log}(workspaceId: $id, after: $after ${filter && `, ${filter}`}) { entries { id } cursor isWhole } }`;
  return openStream(url, { query, variables: { id: workspaceId, after } }, headers);
}

/** Every event of a followed log so far. */
export const toldBy = ({ results }: Pick<EventStream, "results">): readonly Told[] =>
  results.flatMap(({ data }) => (data ? [Object.values(data)[0] as Told] : []));

/** The ids of what it told, in that order. */
export const idsToldBy = (stream: Pick<EventStream, "results">): readonly string[] =>
  toldBy(stream).flatMap(({ entries }) => entries.map(({ id }) => id));
