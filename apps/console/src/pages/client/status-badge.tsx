import { Badge } from "../../ui/badge.tsx";
import { useNow } from "../../ui/time.tsx";
import { type CredentialDates, clientState, credentialState } from "./state.ts";

/** How a client stands, beside its name. */
export function ClientBadge({ client }: { client: Parameters<typeof clientState>[0] }) {
  const { status, word } = clientState(client, useNow(60_000));
  return (
    <Badge status={status} filled>
      {word}
    </Badge>
  );
}

/** How a credential stands, in a list. */
export function CredentialBadge({ credential }: { credential: CredentialDates }) {
  const { status, word } = credentialState(credential, useNow(60_000));
  return <Badge status={status}>{word}</Badge>;
}
