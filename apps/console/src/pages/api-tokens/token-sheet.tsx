import { linkOptions, useParams } from "@tanstack/react-router";
import { Button } from "../../ui/button.tsx";
import { type KeyValue, KeyValueList } from "../../ui/key-value-list.tsx";
import { AppLink } from "../../ui/link.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { Mark, StateBadge } from "./columns.tsx";
import type { ApiToken } from "./documents.ts";
import { Ends } from "./ends.tsx";
import { tokenState } from "./state.ts";
import { words } from "./text.ts";

const { peek: say } = words;

/** What it may do: everything, or each scope by its API. */
function Permissions({ token }: { token: ApiToken }) {
  if (token.followsGrants) return <>{words.form.provider}</>;
  if (token.permissions.length === 0) return <>{words.permissions.none}</>;
  return (
    <>
      {token.permissions.map(({ resourceId, resourceName, scopes }) => (
        <span key={resourceId} className="permission-line">
          {resourceName}: <span className="mono">{scopes.join(" ")}</span>
        </span>
      ))}
    </>
  );
}

function factsOf(token: ApiToken, now: number): readonly KeyValue[] {
  const { createdAt, expiresAt, revokedAt, lastUsedAt, lastUsedAddress } = token;
  return [
    { label: say.status, value: <StateBadge token={token} now={now} /> },
    { label: say.hint, value: <Mark token={token} /> },
    { label: say.permissions, value: <Permissions token={token} /> },
    { label: say.created, value: <Time at={Date.parse(createdAt)} /> },
    { label: say.expires, value: <Ends at={expiresAt} /> },
    ...(revokedAt ? [{ label: say.revokedAt, value: <Time at={Date.parse(revokedAt)} /> }] : []),
    { label: say.lastUsed, value: lastUsedAt ? <Time at={Date.parse(lastUsedAt)} /> : words.never },
    ...(lastUsedAddress ? [{ label: say.address, value: lastUsedAddress, mono: true }] : []),
    { label: say.id, value: token.id, mono: true, copy: token.id },
  ];
}

/** A token beside its list: what it is, may do and did. */
export function TokenSheet({
  token,
  client,
  mayWrite,
  onEdit,
  onRevoke,
  onClose,
}: {
  token: ApiToken;
  /** Whose it is, where the page does not say so already. */
  client?: { readonly id: string; readonly name: string } | null | undefined;
  mayWrite: boolean;
  onEdit: () => void;
  onRevoke: () => void;
  onClose: () => void;
}) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const now = useNow(60_000);
  const acts = mayWrite && tokenState(token, now).works;
  const [status, ...facts] = factsOf(token, now);
  const owner = client && {
    label: say.client,
    value: (
      <AppLink
        className="link"
        to={linkOptions({
          to: "/t/$tenant/w/$workspace/clients/$id/credentials",
          params: { tenant, workspace, id: client.id },
        })}
      >
        {client.name}
      </AppLink>
    ),
  };
  return (
    <Sheet
      open
      width="peek"
      title={token.name}
      onClose={onClose}
      foot={
        acts && (
          <>
            <Button variant="danger" icon="trash" onPress={onRevoke}>
              {words.revoke}
            </Button>
            <span className="grow" />
            <Button icon="edit" onPress={onEdit}>
              {words.edit}
            </Button>
          </>
        )
      }
    >
      <KeyValueList items={[...(status ? [status] : []), ...(owner ? [owner] : []), ...facts]} />
    </Sheet>
  );
}
