import type { ReactNode } from "react";
import type { ClientHeadFragment } from "../../gql/graphql.ts";
import { Button } from "../../ui/button.tsx";
import type { MenuAction } from "../../ui/menu.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { useClientActs } from "./acts.tsx";
import { at } from "./state.ts";
import { words } from "./text.ts";

function Act({ act, title, help, aside }: { act: MenuAction; title: string; help: string; aside?: ReactNode }) {
  return (
    <li className="act">
      <div className="grow">
        <b>{title}</b>
        <p className="small muted">
          {help} {aside}
        </p>
      </div>
      <Button variant={act.danger ? "danger" : "secondary"} disabledReason={act.disabledReason} onPress={act.onAction}>
        {act.label}
      </Button>
    </li>
  );
}

/** What stops a client, from the reversible to the final. */
export function DangerBlock({ client, permissions }: { client: ClientHeadFragment; permissions: readonly string[] }) {
  const { acts: say, facts, settings } = words;
  const { disableOrEnable, revokeTokens, revokeRegistration, remove, dialogs } = useClientActs(client, permissions);
  const isOff = client.status === "DISABLED";
  const cutOff = at(client.tokensNotBefore);
  return (
    <MarginBlock title={settings.danger} help={settings.dangerHelp}>
      <ul className="panel ruled">
        <Act
          act={disableOrEnable}
          title={isOff ? say.enableNamed(client.name) : say.disableNamed(client.name)}
          help={isOff ? say.enableHelp : say.disableHelp}
        />
        <Act
          act={revokeTokens}
          title={say.revokeTokensNamed}
          help={say.revokeTokensHelp}
          aside={
            cutOff !== null && (
              <>
                {facts.cutOff}: {facts.cutOffAt.toLowerCase()} <Time at={cutOff} />
              </>
            )
          }
        />
        {revokeRegistration && (
          <Act act={revokeRegistration} title={say.revokeRegistrationNamed} help={say.revokeRegistrationHelp} />
        )}
        <Act act={remove} title={say.deleteNamed(client.name)} help={say.deleteHelp} />
      </ul>
      {dialogs}
    </MarginBlock>
  );
}
