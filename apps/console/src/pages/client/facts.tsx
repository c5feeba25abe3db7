import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Time } from "../../ui/time.tsx";
import type { OverviewClient } from "../client.tsx";
import { fromWords, kinds } from "../settings/kinds.ts";
import { at } from "./state.ts";
import { words } from "./text.ts";

/** What a service must be told, and what the settings come to. */
export function Facts({ client, tokenEndpoint }: { client: OverviewClient; tokenEndpoint: string }) {
  const { facts } = words;
  const lifetime = client.settings?.accessTokenLifetime;
  const cutOff = at(client.tokensNotBefore);
  const { registration } = client;
  return (
    <KeyValueList
      items={[
        { label: facts.clientId, value: client.clientId, mono: true, copy: client.clientId },
        ...(client.clientId === client.id ? [] : [{ label: facts.id, value: client.id, mono: true, copy: client.id }]),
        { label: facts.tokenUrl, value: tokenEndpoint, mono: true, copy: tokenEndpoint },
        {
          label: facts.description,
          value: client.description || <span className="muted">{facts.noDescription}</span>,
        },
        ...(registration
          ? [
              {
                label: facts.registered,
                value: (
                  <>
                    {facts.registeredBy(registration.initialAccessTokenName)}{" "}
                    <Time at={at(registration.registeredAt) ?? 0} />
                    {registration.revokedAt && <span className="muted"> {facts.registrationOver}</span>}
                  </>
                ),
              },
            ]
          : []),
        ...(lifetime?.value
          ? [{ label: facts.lifetime, value: fromWords(kinds.accessTokenLifetime, lifetime.value, lifetime.level) }]
          : []),
        ...(cutOff === null
          ? []
          : [
              {
                label: facts.cutOff,
                value: (
                  <>
                    {facts.cutOffAt} <Time at={cutOff} />
                  </>
                ),
              },
            ]),
      ]}
    />
  );
}
