import type { ResultOf } from "@graphql-typed-document-node/core";
import type { CreatePersonalClientInput } from "../../gql/graphql.ts";
import { snippets } from "../../reveal/snippets.ts";
import { useNewValue } from "../../reveal/use-new-value.ts";
import type { RevealedValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { Ends } from "../api-tokens/ends.tsx";
import type { AddProps } from "./add-sheet.tsx";
import { CreatePersonalClient, RevokePersonalClient } from "./documents.ts";
import { ofAdminApi } from "./draft.ts";
import { OwnSheet } from "./own-sheet.tsx";
import { words } from "./text.ts";

const { pairSheet: say, pairReveal: shown } = words;

const nothing = async () => undefined;

type Made = ResultOf<typeof CreatePersonalClient>["createPersonalClient"]["personalClient"];

/** What the sheet shows of a client and its secret. */
export function revealedPair(
  secret: string,
  { name, expiresAt }: Pick<CreatePersonalClientInput, "name" | "expiresAt">,
  made: Made,
): RevealedValue {
  const { id = "", tokenEndpoint = "", resource = "" } = made ?? {};
  const target = { resource, name, scopes: [] };
  const issuer = { issuer: "", tokenEndpoint, jwksUri: "" };
  const revealed = { clientId: id, name, secret, issuer, targets: [target], method: "post", dpop: false } as const;
  return {
    name,
    value: secret,
    others: [
      { label: shown.clientId, value: id, mono: true, copy: id },
      { label: shown.tokenUrl, value: tokenEndpoint, mono: true, copy: tokenEndpoint },
      { label: shown.ends, value: <Ends at={expiresAt} /> },
    ],
    snippets: snippets(revealed, target),
  };
}

/** Asks for the client and its secret until they are there. */
function useNewClient(onMade: () => void) {
  const call = useValueCall(
    useMutate(CreatePersonalClient),
    useMutate(RevokePersonalClient),
    (made) => made.personalClient?.id,
  );
  const show = (secret: string, input: CreatePersonalClientInput, made: { personalClient: Made }) => {
    onMade();
    return revealedPair(secret, input, made.personalClient);
  };
  return useNewValue(call, show, ({ name }) => say.madeUnseen(name), nothing);
}

/** Generates a client ID and a secret that act as far as the person may. */
export function AddClientSheet({ tenant, viewer, rules, onMade, onClose }: AddProps) {
  return (
    <OwnSheet
      say={say}
      shown={shown}
      title={say.titleFor(tenant)}
      asking={useNewClient(onMade)}
      viewer={viewer}
      rules={rules}
      held={ofAdminApi(viewer.permissions)}
      onClose={onClose}
    />
  );
}
