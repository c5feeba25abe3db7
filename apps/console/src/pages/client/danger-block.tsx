import type { ClientHeadFragment } from "../../gql/graphql.ts";
import { ActRow } from "../../ui/act-row.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { useClientActs } from "./acts.tsx";
import { at } from "./state.ts";
import { words } from "./text.ts";

/** What stops a client, from the reversible to the final. */
export function DangerBlock({ client, permissions }: { client: ClientHeadFragment; permissions: readonly string[] }) {
  const { acts: say, facts, settings } = words;
  const { disableOrEnable, revokeTokens, revokeRegistration, remove, dialogs } = useClientActs(client, permissions);
  const isOff = client.status === "DISABLED";
  const cutOff = at(client.tokensNotBefore);
  return (
    <MarginBlock title={settings.danger} help={settings.dangerHelp}>
      <ul className="panel ruled">
        <ActRow act={disableOrEnable} title={isOff ? say.enableNamed(client.name) : say.disableNamed(client.name)}>
          {isOff ? say.enableHelp : say.disableHelp}
        </ActRow>
        <ActRow act={revokeTokens} title={say.revokeTokensNamed}>
          {say.revokeTokensHelp}{" "}
          {cutOff !== null && (
            <>
              {facts.cutOff}: {facts.cutOffAt.toLowerCase()} <Time at={cutOff} />
            </>
          )}
        </ActRow>
        {revokeRegistration && (
          <ActRow act={revokeRegistration} title={say.revokeRegistrationNamed}>
            {say.revokeRegistrationHelp}
          </ActRow>
        )}
        <ActRow act={remove} title={say.deleteNamed(client.name)}>
          {say.deleteHelp}
        </ActRow>
      </ul>
      {dialogs}
    </MarginBlock>
  );
}
