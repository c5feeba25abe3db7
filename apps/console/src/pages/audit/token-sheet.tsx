import type { TokenRowFragment } from "../../gql/graphql.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { useNow } from "../../ui/time.tsx";
import { isLivingAt, RevokeTokenButton, type TokenPlace } from "./revoke-token.tsx";
import { words } from "./text.ts";
import { TokenFacts } from "./token-facts.tsx";

/** One token request: who, from where, what came of it and why. */
export function TokenSheet({
  entry,
  workspace,
  onClose,
}: {
  entry: TokenRowFragment;
  workspace: TokenPlace;
  onClose: () => void;
}) {
  const now = useNow(10_000);
  return (
    <Sheet
      open
      width="peek"
      title={words.tokens.title}
      onClose={onClose}
      foot={isLivingAt(entry, now) && <RevokeTokenButton entry={entry} workspace={workspace} />}
    >
      {entry.explanation && <p>{entry.explanation}</p>}
      <TokenFacts entry={entry} part="h3" />
    </Sheet>
  );
}
