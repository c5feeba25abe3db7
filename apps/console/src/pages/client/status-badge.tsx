import { Badge } from "../../ui/badge.tsx";
import { useNow } from "../../ui/time.tsx";
import { clientState, type SecretDates, secretState } from "./state.ts";

/** How a client stands, beside its name. */
export function ClientBadge(props: {
  status: string;
  secrets: readonly SecretDates[] | null | undefined;
  keys?: readonly SecretDates[] | null | undefined;
}) {
  const { status, word } = clientState(props, useNow(60_000));
  return (
    <Badge status={status} filled>
      {word}
    </Badge>
  );
}

/** How a secret stands, in a list. */
export function SecretBadge({ secret }: { secret: SecretDates }) {
  const { status, word } = secretState(secret, useNow(60_000));
  return <Badge status={status}>{word}</Badge>;
}
