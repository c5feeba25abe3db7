import { useCallback } from "react";
import { useClient } from "urql";
import { useWhole } from "../../server/whole.ts";
import { type MembersData, MorePlaces, MoreRoles } from "./documents.ts";
import type { Places } from "./role-fields.tsx";
import { placesFor, roleOptions } from "./roles-of.ts";

const anew = { requestPolicy: "network-only" } as const;

function useLoadRoles(workspace: "admin" | "system") {
  const client = useClient();
  return useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreRoles, { workspace, after }, anew).toPromise();
      return data?.workspace?.roles ?? null;
    },
    [client, workspace],
  );
}

function useLoadWorkspaces() {
  const client = useClient();
  return useCallback(
    async (after: string) => {
      const { data } = await client.query(MorePlaces, { after }, anew).toPromise();
      return data?.workspaces ?? null;
    },
    [client],
  );
}

const NOBODY = { viewer: { permissions: [] } };

type Workspace = NonNullable<MembersData["workspaces"]>["nodes"][number];

type Data = Pick<MembersData, "admin" | "system" | "workspaces"> & {
  readonly viewer: Pick<MembersData["viewer"], "permissions">;
};

/** The roles that can be given, and where: all of them, as soon as a form is open. */
export function usePlaces(data: Data | null, isWanted: boolean): Places {
  const admin = useWhole(isWanted, data?.admin?.roles, useLoadRoles("admin"));
  const system = useWhole(isWanted, data?.system?.roles, useLoadRoles("system"));
  const workspaces = useWhole<Pick<Workspace, "id" | "name" | "kind">>(isWanted, data?.workspaces, useLoadWorkspaces());
  const giver = data ?? NOBODY;
  return {
    roles: roleOptions(giver, { admin: admin.rows, system: system.rows }),
    workspaces: placesFor(giver, workspaces.rows),
    cut: { roles: admin.isCut || system.isCut, workspaces: workspaces.isCut },
  };
}
