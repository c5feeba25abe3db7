import { useState } from "react";
import { setPreference } from "../../preferences.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { ACTIONS, Frame } from "../../ui/frame/frame.tsx";
import type { Command, NavGroup, WorkspaceRef } from "../../ui/frame/types.ts";
import { PageHead } from "../../ui/page-head.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { TabLinks } from "../../ui/tab-links.tsx";
import { toast } from "../../ui/toast.tsx";
import { Basics } from "./basics.tsx";
import { Clients, EmptyTables } from "./clients.tsx";
import { Surfaces } from "./surfaces.tsx";

const here = { to: "/parts" } as const;

const NAV: readonly NavGroup[] = [
  {
    items: [
      { id: "overview", label: text.nav.overview, icon: "overview", to: here, key: "o" },
      { id: "clients", label: text.nav.clients, icon: "client", to: here, count: 1248, key: "c" },
      { id: "apis", label: text.nav.apis, icon: "api", to: here, count: 9, key: "a" },
    ],
  },
  { title: text.nav.observe, items: [{ id: "audit", label: text.nav.audit, icon: "audit", to: here, key: "l" }] },
];

const workspace = (slug: string, kind: WorkspaceRef["kind"] = "CUSTOM"): WorkspaceRef => ({
  id: slug,
  tenant: "acme",
  slug,
  name: slug,
  kind,
});

const WORKSPACES = [
  workspace("payments-prod"),
  workspace("payments-test"),
  workspace("admin", "ADMIN"),
  workspace("system", "SYSTEM"),
];

const COMMANDS: readonly Command[] = [
  {
    id: "create",
    label: "Create client",
    group: ACTIONS,
    icon: "plus",
    shortcut: "C",
    run: () => toast("Create client"),
  },
  { id: "dark", label: "Use dark theme", group: ACTIONS, icon: "moon", run: () => setPreference("theme", "dark") },
  { id: "light", label: "Use light theme", group: ACTIONS, icon: "sun", run: () => setPreference("theme", "light") },
];

/** Every part in its states, in the frame, with made-up data. */
export function Parts() {
  const [current, setCurrent] = useState(WORKSPACES[0] ?? null);
  return (
    <Frame
      workspace={current}
      recent={WORKSPACES.slice(1, 2)}
      workspaces={WORKSPACES}
      onSwitch={setCurrent}
      viewer={{ name: "Mara Reyes", email: "mara.reyes@acme.example" }}
      account={[{ id: "out", label: text.frame.signOut, icon: "out", onAction: () => toast("Signed out") }]}
      nav={NAV}
      current="clients"
      crumbs={[{ label: "acme", to: here }, { label: "payments-prod", to: here }, { label: "Clients" }]}
      commands={COMMANDS}
      status={
        <>
          <span className="badge ok">
            <span className="dot" />
          </span>
          Issuing normally
          <span className="num">v0.1.0</span>
        </>
      }
    >
      <PageHead
        title="Clients"
        actions={
          <>
            <Button icon="download" onPress={() => toast("Export")}>
              Export
            </Button>
            <Button variant="primary" icon="plus" shortcut="C" onPress={() => toast("Create client")}>
              Create client
            </Button>
          </>
        }
      >
        Services that can ask this workspace for a token.
      </PageHead>
      <TabLinks
        label="Views"
        current="all"
        tabs={[
          { id: "all", label: "All", count: 1248, to: here },
          { id: "soon", label: "Expiring within 14 days", count: 7, warn: true, to: here },
          { id: "never", label: "Never used", count: 9, to: here },
        ]}
      />
      <Basics />
      <Surfaces />
      <MarginBlock title="Empty tables">
        <EmptyTables />
      </MarginBlock>
      <Clients />
    </Frame>
  );
}
