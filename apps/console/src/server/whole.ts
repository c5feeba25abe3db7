import { useEffect, useState } from "react";
import type { Part } from "./more.ts";

/** With a hundred a part: more than anybody chooses from. */
const MOST_PARTS = 20;

type Load<Row> = (after: string) => Promise<Part<Row> | null>;

/** What comes after a cursor, part by part: as far as it can be had, and twenty parts at most. */
export async function restOf<Row>(after: string, load: Load<Row>): Promise<Part<Row>> {
  let rest: Part<Row> = { nodes: [], pageInfo: { hasNextPage: true, endCursor: after } };
  for (let part = 0; part < MOST_PARTS; part++) {
    const { hasNextPage, endCursor } = rest.pageInfo;
    const next = hasNextPage && endCursor ? await load(endCursor) : null;
    if (!next) break;
    rest = { nodes: [...rest.nodes, ...next.nodes], pageInfo: next.pageInfo };
  }
  return rest;
}

/**
 * All of a list that somebody chooses from: the first part came with the page, the others are fetched once they are wanted.
 *
 * @returns what is here, and whether there is more than that
 */
export function useWhole<Row>(
  isWanted: boolean,
  first: Part<Row> | null | undefined,
  load: Load<Row>,
): { readonly rows: readonly Row[]; readonly isCut: boolean } {
  const [kept, setKept] = useState<{ after: string; rest: Part<Row> } | null>(null);
  const { nodes = [], pageInfo } = first ?? {};
  const after = pageInfo?.hasNextPage ? (pageInfo.endCursor ?? "") : "";
  useEffect(() => {
    if (!isWanted || after === "") return;
    let isLeft = false;
    void restOf(after, load).then((rest) => {
      if (!isLeft) setKept({ after, rest });
    });
    return () => {
      isLeft = true;
    };
  }, [isWanted, after, load]);
  if (after === "") return { rows: nodes, isCut: false };
  if (kept?.after !== after) return { rows: nodes, isCut: true };
  return { rows: [...nodes, ...kept.rest.nodes], isCut: kept.rest.pageInfo.hasNextPage };
}
