import { useNavigate } from "@tanstack/react-router";
import type { TokenRowFragment } from "../../gql/graphql.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useNow } from "../../ui/time.tsx";
import { isLivingAt, RevokeTokenButton, type TokenPlace } from "./revoke-token.tsx";
import { words } from "./text.ts";
import { TokenFacts } from "./token-facts.tsx";
import { sentAs, type TokenSearch, withWord } from "./token-view.ts";

/** One token request: who, from where, what came of it and why. */
export function TokenSheet({
  entry,
  search,
  workspace,
  onClose,
}: {
  entry: TokenRowFragment;
  /** What the log shows now; the acts narrow it further. */
  search: TokenSearch;
  workspace: TokenPlace;
  onClose: () => void;
}) {
  const now = useNow(10_000);
  const navigate = useNavigate();
  // A word ends at a space.
  const sent = entry.clientId && !/\s/.test(entry.clientId) ? sentAs(entry.clientId) : undefined;
  const who = entry.client ?? sent;
  const narrow = (word: string) =>
    void navigate({ to: ".", search: { ...search, log: "tokens", q: withWord(search.q, word) } });
  return (
    <Sheet
      open
      width="peek"
      title={words.tokens.title}
      onClose={onClose}
      foot={
        <>
          {who && <Button onPress={() => narrow(who)}>{words.tokens.ofClient}</Button>}
          <Button variant="quiet" onPress={() => narrow(entry.address)}>
            {words.tokens.fromAddress}
          </Button>
          {isLivingAt(entry, now) && <RevokeTokenButton entry={entry} workspace={workspace} />}
        </>
      }
    >
      {entry.explanation && <p>{entry.explanation}</p>}
      <TokenFacts entry={entry} part="h3" />
    </Sheet>
  );
}
