import type { ClientHeadFragment } from "../../gql/graphql.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { seconds } from "../settings/seconds.ts";
import { livingGrants } from "./access-changes.ts";
import { credentialState, lastUse } from "./state.ts";
import { words } from "./text.ts";

export type Asked = "disable" | "tokens" | "registration" | "delete";

/** What the server has seen of the client: the measured part of an effect. */
function Traffic({ client }: { client: ClientHeadFragment }) {
  const last = lastUse(client.credentials?.nodes);
  if (!client.credentials) return null;
  if (!last) return <p>{words.acts.neverUsed}</p>;
  return (
    <p>
      {words.acts.lastUsed} <Time at={last.at} />
      {last.address && (
        <>
          {" "}
          {words.head.from} <span className="mono">{last.address}</span>
        </>
      )}
      .
    </p>
  );
}

/** What goes along with a deleted client. */
function Hits({ client }: { client: ClientHeadFragment }) {
  const now = useNow(60_000);
  const working = (client.credentials?.nodes ?? []).filter((one) => credentialState(one, now).works).length;
  const scopes = livingGrants(client.grants ?? [], now).flatMap((grant) => grant.scopes).length;
  return <p>{words.acts.hits(working, scopes)}</p>;
}

/** The questions before what stops traffic or cannot be undone. */
export function ActDialogs({
  client,
  asked,
  pending,
  error,
  onConfirm,
  onCancel,
}: {
  client: ClientHeadFragment;
  asked: Asked | null;
  pending: boolean;
  error: string | undefined;
  onConfirm: (act: Asked) => void;
  onCancel: () => void;
}) {
  const { acts } = words;
  const { name } = client;
  const common = (act: Asked) => ({
    open: asked === act,
    pending,
    error,
    destructive: true,
    onCancel,
    onConfirm: () => onConfirm(act),
  });
  const lifetime = client.settings?.accessTokenLifetime.value;
  return (
    <>
      <ConfirmDialog {...common("disable")} title={acts.disableTitle(name)} confirm={acts.disableNamed(name)}>
        <Traffic client={client} />
        <p>{acts.disableHelp}</p>
      </ConfirmDialog>
      <ConfirmDialog {...common("tokens")} title={acts.revokeTokensTitle(name)} confirm={acts.revokeTokensNamed}>
        <Traffic client={client} />
        <p>{acts.revokeTokensBody(seconds(lifetime ?? 0))}</p>
      </ConfirmDialog>
      <ConfirmDialog
        {...common("registration")}
        title={acts.revokeRegistrationTitle(name)}
        confirm={acts.revokeRegistration}
      >
        <p>{acts.revokeRegistrationHelp}</p>
      </ConfirmDialog>
      <ConfirmDialog {...common("delete")} title={acts.deleteTitle(name)} confirm={acts.deleteNamed(name)} typed={name}>
        <Traffic client={client} />
        <Hits client={client} />
        <p>{acts.stays}</p>
      </ConfirmDialog>
    </>
  );
}
