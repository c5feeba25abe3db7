import { useState } from "react";
import type { TypedDocumentNode } from "urql";
import type { RevokeClientSecretInput } from "../../gql/graphql.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Checkbox } from "../../ui/choices.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { seconds } from "../settings/seconds.ts";
import { type CredentialRow, type Kind, markOf } from "./credential-rows.ts";
import { at } from "./state.ts";
import { words } from "./text.ts";

/** The mutation of each kind; all take the same. */
const revocations: Readonly<Record<Kind, TypedDocumentNode<object, { input: RevokeClientSecretInput }>>> = {
  ClientSecret: graphql(`
    mutation RevokeClientSecret($input: RevokeClientSecretInput!) {
      revokeClientSecret(input: $input) {
        clientSecret {
          id
          revokedAt
        }
        userErrors {
          code
          message
          path
          fix
        }
      }
    }
  `),
  ClientCertificate: graphql(`
    mutation RevokeClientCertificate($input: RevokeClientCertificateInput!) {
      revokeClientCertificate(input: $input) {
        clientCertificate {
          id
          revokedAt
        }
        userErrors {
          code
          message
          path
          fix
        }
      }
    }
  `),
  FederatedCredential: graphql(`
    mutation RevokeFederatedCredential($input: RevokeFederatedCredentialInput!) {
      revokeFederatedCredential(input: $input) {
        federatedCredential {
          id
          revokedAt
        }
        userErrors {
          code
          message
          path
          fix
        }
      }
    }
  `),
  ClientKey: graphql(`
    mutation RevokeClientKey($input: RevokeClientKeyInput!) {
      revokeClientKey(input: $input) {
        clientKey {
          id
          revokedAt
        }
        userErrors {
          code
          message
          path
          fix
        }
      }
    }
  `),
};

/** Says what ends with the credential, then ends it. The last one that works must be typed. */
export function RevokeCredential({
  row,
  client,
  lifetime,
  isLast,
  onClose,
}: {
  row: CredentialRow;
  client: { readonly name: string };
  /** Seconds that its tokens live at most. */
  lifetime: number;
  isLast: boolean;
  onClose: () => void;
}) {
  const { revoke: say, head } = words;
  const mark = markOf(row);
  const [withTokens, setWithTokens] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revoke = useMutate(revocations[row.__typename]);
  const used = at(row.lastUsedAt);
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ id: row.id, withTokens });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(mark));
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={say.title(mark)}
      confirm={say.confirm(mark)}
      destructive
      pending={pending}
      error={error}
      {...(isLast ? { typed: say.stops(client.name) } : {})}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <p>
        {used === null ? (
          say.unused
        ) : (
          <>
            {say.used} <Time at={used} />
            {row.lastUsedAddress && (
              <>
                {" "}
                {head.from} <span className="mono">{row.lastUsedAddress}</span>
              </>
            )}
            .
          </>
        )}{" "}
        {isLast && <b>{say.last}</b>}
      </p>
      <p>
        {say.effect} {!withTokens && say.living(seconds(lifetime))}
      </p>
      <Checkbox checked={withTokens} onChange={setWithTokens} help={say.withTokensHelp}>
        {say.withTokens}
      </Checkbox>
    </ConfirmDialog>
  );
}
