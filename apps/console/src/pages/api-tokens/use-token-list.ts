import { useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useClient } from "urql";
import { useMore } from "../../server/more.ts";
import { type ApiTokensWorkspace, MoreApiTokens } from "./documents.ts";

const PAGE = "/t/$tenant/w/$workspace/api-tokens";

/** The tokens as far as they were scrolled. */
export function useTokenList(workspace: string, first: ApiTokensWorkspace["apiTokens"]) {
  const server = useClient();
  const load = useCallback(
    async (after: string) => {
      const { data } = await server.query(MoreApiTokens, { workspace, after }).toPromise();
      return data?.workspace?.apiTokens ?? null;
    },
    [server, workspace],
  );
  return useMore(workspace, first, load);
}

/** What stands in the address: the token that is looked at, and that one is to be made. */
export function useTokenAddress() {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { new: wanted, token } = useSearch({ from: PAGE });
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  const go = (search: { new?: string; token?: string }, replace: boolean) =>
    // The sheet's own moves: its guard has asked by then, or nothing is lost.
    navigate({ to: PAGE, params: { tenant, workspace }, search, replace, ignoreBlocker: true });
  const leave = async () => {
    if (wanted !== undefined || token !== undefined) await go({}, true);
  };
  return {
    token,
    isWanted: wanted === "token",
    isPairWanted: wanted === "secret",
    /** A value is on the screen: nothing but its own sheet may close it. */
    shown,
    add: () => void go({ new: "token" }, false),
    addPair: () => void go({ new: "secret" }, false),
    /** A client's secret is made where its other ones stand. */
    toSecret: (id: string) =>
      void navigate({
        to: "/t/$tenant/w/$workspace/clients/$id/credentials",
        params: { tenant, workspace, id },
        search: { new: "secret" },
        ignoreBlocker: true,
      }),
    see: (id: string) => void go({ token: id }, false),
    made: async () => {
      setShown(true);
      await leave();
    },
    close: () => {
      setShown(false);
      void leave();
    },
  };
}

/** The address of a client's credentials, made once and filled in for each row. */
export function useClientAddressOf(): (id: string) => string {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const router = useRouter();
  return useMemo(() => {
    const list = router.buildLocation({ to: "/t/$tenant/w/$workspace/clients", params: { tenant, workspace } });
    const base = router.history.createHref(list.publicHref);
    return (id) => `${base}/${id}/credentials`;
  }, [router, tenant, workspace]);
}
