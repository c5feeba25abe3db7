import { useParams } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { NotYours } from "../../ui/not-yours.tsx";
import { words } from "./text.ts";

/** The client among all that a node may be. */
type ClientOf<Node> = Extract<NonNullable<Node>, { __typename: "Client" }>;

interface Answer<Node> {
  readonly workspace: { readonly slug: string; readonly kind: string; readonly viewerPermissions: readonly string[] };
  readonly node?: Node | null | undefined;
}

/** Either the client of the address, or what to draw instead: not there, not here, not yours look alike. */
export function clientOf<Node extends object>({
  workspace,
  node,
}: Answer<Node>): { client: ClientOf<Node>; wait: null } | { client: null; wait: ReactElement } {
  const client = node && "workspace" in node && "clientId" in node ? (node as unknown as ClientOf<Node>) : null;
  const home = client && (client as unknown as { workspace?: { slug: string } | null }).workspace;
  if (client && home?.slug === workspace.slug) return { client, wait: null };
  const closed = workspace.kind !== "CUSTOM" && !workspace.viewerPermissions.includes("client:read");
  return { client: null, wait: <NotYours what={closed ? words.closed : words.missing} /> };
}

/** Where a client's pages are: the names in the address. */
export function useClientAddress(): { tenant: string; workspace: string; id: string } {
  const { tenant = "", workspace = "", id = "" } = useParams({ strict: false });
  return { tenant, workspace, id };
}
