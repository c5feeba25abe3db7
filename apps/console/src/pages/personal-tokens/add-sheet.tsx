import type { CreatePersonalTokenInput } from "../../gql/graphql.ts";
import { useNewValue } from "../../reveal/use-new-value.ts";
import type { RevealedValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { Ends } from "../api-tokens/ends.tsx";
import { snippetsOf } from "../api-tokens/snippets.ts";
import { CreatePersonalToken, RevokePersonalToken, type Rules, type TokenViewer } from "./documents.ts";
import { OwnSheet } from "./own-sheet.tsx";
import { words } from "./text.ts";

const { sheet: say, reveal: shown } = words;

const nothing = async () => undefined;

/** Asks for the token until it is there. */
function useNewToken(onMade: () => void) {
  const call = useValueCall(
    useMutate(CreatePersonalToken),
    useMutate(RevokePersonalToken),
    (made) => made.personalToken?.id,
  );
  const show = (value: string, { name, expiresAt }: CreatePersonalTokenInput): RevealedValue => {
    onMade();
    return {
      name,
      value,
      others: [{ label: shown.ends, value: <Ends at={expiresAt} /> }],
      snippets: snippetsOf(value, { api: new URL("/graphql", location.origin).href, isOwnApi: true }),
    };
  };
  return useNewValue(call, show, ({ name }) => say.madeUnseen(name), nothing);
}

/** What making something of one's own needs. */
export interface AddProps {
  /** The tenant's name. */
  readonly tenant: string;
  readonly viewer: TokenViewer;
  readonly rules: Rules;
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Makes a token that acts as the person. */
export function AddSheet({ tenant, viewer, rules, onMade, onClose }: AddProps) {
  return (
    <OwnSheet
      say={say}
      shown={shown}
      title={say.titleFor(tenant)}
      asking={useNewToken(onMade)}
      viewer={viewer}
      rules={rules}
      held={viewer.permissions}
      onClose={onClose}
    />
  );
}
