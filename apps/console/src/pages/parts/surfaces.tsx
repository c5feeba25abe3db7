import { useState } from "react";
import { text } from "../../text.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choices.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { MoreMenu } from "../../ui/menu.tsx";
import { ScopeGrid } from "../../ui/scope-grid.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Banner, EmptyState, ErrorState, MarginBlock, Panel, Skeleton } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { CLAIMS, SCOPES, SECRET, SNIPPETS } from "./samples.ts";

const nothing = () => undefined;

function RevealSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [stored, setStored] = useState(false);
  return (
    <Sheet
      open={open}
      title="New secret for invoice-renderer"
      onClose={onClose}
      guard={stored ? undefined : text.leave}
      foot={
        <>
          <Checkbox checked={stored} onChange={setStored}>
            I stored this secret
          </Checkbox>
          <span className="grow" />
          <Button onPress={nothing}>Download .env</Button>
          <Button
            variant="primary"
            shortcut="⌘↵"
            onPress={onClose}
            disabledReason={stored ? undefined : "Copy the secret or tick that you stored it"}
          >
            Done
          </Button>
        </>
      }
    >
      <Banner tone="warn">
        Copy the secret now. We store only a hash of it, so nobody can show it again. If you lose it, create another.
      </Banner>
      <KeyValueList
        items={[
          { label: "Client ID", value: "cli_Wb41nZpa6QvT", mono: true, copy: "cli_Wb41nZpa6QvT" },
          {
            label: "Client secret",
            value: SECRET,
            mono: true,
            copy: SECRET,
            strong: true,
            onCopied: () => setStored(true),
          },
          {
            label: "Token URL",
            value: "https://auth.acme.example/acme/payments-prod/oauth2/token",
            mono: true,
            copy: "https://auth.acme.example/acme/payments-prod/oauth2/token",
          },
          {
            label: "Old secret",
            value: "…a91f keeps working until 24 Nov, 09:00",
            action: (
              <MoreMenu
                label="Actions for the old secret"
                entries={[{ id: "extend", label: "Extend", onAction: nothing }]}
              />
            ),
          },
        ]}
      />
      <CodeBlock label="snippet" tabs={SNIPPETS} secret={SECRET} />
      <Panel
        aside={
          <>
            <Badge status="active">Token issued</Badge>
            <span className="soft num grow">200 in 9 ms</span>
            <Button size="compact" icon="play" onPress={nothing}>
              Test again
            </Button>
          </>
        }
      >
        <div className="panel-body">Header, claims and checks stand here.</div>
      </Panel>
    </Sheet>
  );
}

function Overlays() {
  const [open, setOpen] = useState<"reveal" | "peek" | "confirm" | "typed" | null>(null);
  const close = () => setOpen(null);
  return (
    <MarginBlock
      title="Sheets and dialogs"
      help="A guarded sheet is never lost unasked: Escape, outside, back and the tab all ask."
    >
      <div className="filters">
        <Button onPress={() => setOpen("reveal")}>Reveal a secret</Button>
        <Button onPress={() => setOpen("peek")}>Peek</Button>
        <Button onPress={() => setOpen("confirm")}>Disable ledger-sync</Button>
        <Button variant="danger" onPress={() => setOpen("typed")}>
          Delete ledger-sync
        </Button>
      </div>
      <RevealSheet open={open === "reveal"} onClose={close} />
      <Sheet open={open === "peek"} title="ledger-sync" width="peek" onClose={close}>
        <KeyValueList items={[{ label: "Client ID", value: "cli_9fTe2LwQ", mono: true, copy: "cli_9fTe2LwQ" }]} />
      </Sheet>
      <ConfirmDialog
        open={open === "confirm"}
        title="Disable ledger-sync?"
        confirm="Disable ledger-sync"
        destructive
        onCancel={close}
        onConfirm={close}
      >
        <p>This client got 41,772 tokens in the last hour, from 3 addresses. They stop working within 15 minutes.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={open === "typed"}
        title="Delete ledger-sync?"
        confirm="Delete ledger-sync"
        destructive
        typed="ledger-sync"
        onCancel={close}
        onConfirm={close}
      >
        <p>Its secrets stop working and it cannot be brought back. Its audit trail stays.</p>
      </ConfirmDialog>
    </MarginBlock>
  );
}

function States() {
  return (
    <MarginBlock title="States" help="Empty, error, loading: one sentence and what to do.">
      <Banner
        tone="info"
        action={
          <Button size="compact" onPress={nothing}>
            Try now
          </Button>
        }
      >
        Not connected. Showing data from 14:31. Trying again in 4 s.
      </Banner>
      <Banner tone="warn">The database is read-only. Tokens are still issued; changes are paused.</Banner>
      <Banner tone="bad">Signing failed 3 times in the last minute.</Banner>
      <Banner tone="ok">Token issued. Signature checked against the JWKS.</Banner>
      <Panel title="Empty">
        <EmptyState
          action={
            <Button variant="primary" icon="plus" onPress={nothing}>
              Create client
            </Button>
          }
        >
          No clients yet. A client is one service, job or device that asks for tokens.
        </EmptyState>
      </Panel>
      <Panel title="Error">
        <ErrorState
          what="Could not load the clients."
          why="The server answered 503: the database is away."
          todo="Tokens are still issued. Try again in a moment."
          correlationId="req_3kQ9ZbX1mVt7Rr0sYpL2aN"
          onRetry={nothing}
        />
      </Panel>
      <Panel title="Loading">
        <Skeleton rows={3} />
      </Panel>
    </MarginBlock>
  );
}

function Scopes() {
  const [wanted, setWanted] = useState<ReadonlySet<string>>(
    new Set(["invoices:read", "invoices:delete", "ledger:read"]),
  );
  return (
    <MarginBlock title="Access" help="Which scopes of which APIs; changes are staged.">
      <ScopeGrid groups={SCOPES} value={wanted} onChange={setWanted} />
    </MarginBlock>
  );
}

export function Surfaces() {
  return (
    <>
      <Overlays />
      <MarginBlock title="Code" help="The secret is masked on the screen and real when copied.">
        <CodeBlock label="snippet" tabs={SNIPPETS} secret={SECRET} />
        <br />
        <CodeBlock label="claims" tabs={[CLAIMS]} />
      </MarginBlock>
      <Scopes />
      <MarginBlock title="Tabs">
        <Tabs
          label="Sections"
          tabs={[
            { id: "all", label: "All", count: 1248, panel: "Every client." },
            { id: "soon", label: "Expiring within 14 days", count: 7, warn: true, panel: "Those that end soon." },
            { id: "never", label: "Never used", panel: "Those that never asked." },
          ]}
        />
      </MarginBlock>
      <States />
    </>
  );
}
