import { useState } from "react";
import type { TenantHomeQuery } from "../../gql/graphql.ts";
import { tenantWords as words } from "../../text/tenant.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";

type Workspace = NonNullable<TenantHomeQuery["admin"]>;

function Special({
  kind,
  workspace,
  onOpen,
}: {
  kind: "ADMIN" | "SYSTEM";
  workspace: Workspace | undefined;
  onOpen: (one: Workspace) => void;
}) {
  const [asked, setAsked] = useState(false);
  const { name, help } = words.kinds[kind];
  return (
    <li>
      <span className="grow">
        <b>{name}</b>
        <small>{help}</small>
        <small>
          {workspace ? words.closed : words.hidden}
          {workspace?.gatekeepers && ` ${text.gate.ask(workspace.gatekeepers)}`}
        </small>
      </span>
      {workspace && <Button onPress={() => setAsked(true)}>{words.open(workspace.name)}</Button>}
      {workspace && (
        <ConfirmDialog
          open={asked}
          title={words.enterTitle(workspace.name)}
          confirm={words.open(workspace.name)}
          onCancel={() => setAsked(false)}
          onConfirm={() => onOpen(workspace)}
        >
          {words.enter[kind]}
        </ConfirmDialog>
      )}
    </li>
  );
}

/** Which kind of workspace is for what; the special ones open after a word about what they can do. */
export function Kinds({ special, onOpen }: { special: readonly Workspace[]; onOpen: (one: Workspace) => void }) {
  const of = (kind: Workspace["kind"]) => special.find((one) => one.kind === kind);
  return (
    <section className="kinds below" aria-labelledby="kinds">
      <h2 id="kinds">{words.which}</h2>
      <ul className="own-list">
        <li>
          <span className="grow">
            <b>{words.kinds.CUSTOM.name}</b>
            <small>{words.kinds.CUSTOM.help}</small>
          </span>
        </li>
        <Special kind="ADMIN" workspace={of("ADMIN")} onOpen={onOpen} />
        <Special kind="SYSTEM" workspace={of("SYSTEM")} onOpen={onOpen} />
      </ul>
    </section>
  );
}
