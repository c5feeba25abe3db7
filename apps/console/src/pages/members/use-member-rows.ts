import { useCallback, useRef } from "react";
import { useClient } from "urql";
import { type Part, useMore } from "../../server/more.ts";
import { type Member, MoreMembers } from "./documents.ts";
import { laidOver } from "./laid-over.ts";

/** The list as far as it was scrolled. A later part holds its members as they were: who was opened since is laid over it. */
export function useMemberRows(
  tenant: string,
  q: string,
  first: Part<Member> | null | undefined,
  opened: Member | null | undefined,
) {
  const key = `${tenant} ${q}`;
  const client = useClient();
  const load = useCallback(
    async (after: string) => {
      const asked = { q: q || null, after };
      const { data } = await client.query(MoreMembers, asked, { requestPolicy: "network-only" }).toPromise();
      return data?.members ?? null;
    },
    [client, q],
  );
  const { rows, ...list } = useMore<Member>(key, first, load);
  const newer = useRef({ key, members: new Map<string, Member | null>() });
  if (newer.current.key !== key) newer.current = { key, members: new Map() };
  if (opened) newer.current.members.set(opened.id, opened);
  return {
    ...list,
    rows: laidOver(rows, first?.nodes ?? [], newer.current.members),
    leave: (id: string) => newer.current.members.set(id, null),
  };
}
