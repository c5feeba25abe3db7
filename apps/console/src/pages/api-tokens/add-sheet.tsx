import { linkOptions, useParams } from "@tanstack/react-router";
import type { CreateApiTokenInput } from "../../gql/graphql.ts";
import { isFixed, NewValueSheet } from "../../reveal/new-value-sheet.tsx";
import { useNewValue } from "../../reveal/use-new-value.ts";
import { type RevealedValue, useRevealValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { AppLink } from "../../ui/link.tsx";
import { Banner } from "../../ui/states.tsx";
import { Comparison } from "./comparison.tsx";
import { type ApiToken, CreateApiToken, RevokeApiToken, type TokenClient } from "./documents.ts";
import { Ends } from "./ends.tsx";
import { EndField, NameField, PowerField } from "./fields.tsx";
import { choicesOf } from "./scopes.ts";
import { type Called, snippetsOf } from "./snippets.ts";
import { limitReached } from "./state.ts";
import { words } from "./text.ts";
import { FIELDS, inputOf, problemsOf, useDraft } from "./use-draft.ts";

const { sheet: say, reveal: shown } = words;

/** Mintmark's own APIs are all at one address. */
const ownApi = (issuer: string): string => new URL("/graphql", issuer).href;

/** What a snippet calls: the first API that the token opens. */
function calledBy({ permissions }: CreateApiTokenInput, { grants }: TokenClient, issuer: string): Called {
  const [first] = permissions.chosen ?? [];
  const opened = (grants ?? []).filter(({ scopes }) => scopes.length > 0);
  const resource = opened.find((one) => !first || one.resource?.id === first.resourceId)?.resource;
  if (!resource) return { api: undefined, isOwnApi: false };
  return { api: resource.isOwnApi ? ownApi(issuer) : resource.identifier, isOwnApi: resource.isOwnApi };
}

/** Asks for the token until it is there. */
function useNewToken(client: TokenClient, issuer: string, onMade: () => Promise<void>) {
  const call = useValueCall(useMutate(CreateApiToken), useMutate(RevokeApiToken), (made) => made.apiToken?.id);
  const show = (value: string, input: CreateApiTokenInput): RevealedValue => ({
    name: input.name,
    value,
    others: [{ label: shown.ends, value: <Ends at={input.expiresAt} /> }],
    snippets: snippetsOf(value, calledBy(input, client, issuer)),
  });
  return useNewValue(call, show, ({ name }) => say.madeUnseen(name), onMade);
}

/** The limit is reached: which, and where it is raised. */
function Full({ limit }: { limit: number }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  return (
    <Banner
      tone="warn"
      action={
        <AppLink
          className="link"
          to={linkOptions({ to: "/t/$tenant/w/$workspace/settings", params: { tenant, workspace } })}
        >
          {words.toSettings}
        </AppLink>
      }
    >
      {words.full(limit)}
    </Banner>
  );
}

/** Makes an API token of a client; then, in the same sheet, shows it once. */
export function AddSheet({
  client,
  tokens,
  issuer,
  onMade,
  onClose,
}: {
  client: TokenClient;
  /** Those that it has. */
  tokens: readonly ApiToken[];
  issuer: string;
  /** Before the token is shown: the address must no longer say that one is to be made. */
  onMade: () => Promise<void>;
  onClose: () => void;
}) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { draft, change, isTouched, ceiling } = useDraft(client);
  const { stage, failures, setFailures, revealed, submit } = useNewToken(client, issuer, onMade);
  const reveal = useRevealValue(revealed, shown, onClose);
  const refused = failures.some(({ code }) => code === "LIMIT_REACHED");
  const full = limitReached(client.settings, tokens, Date.now());
  const limit = full ?? (refused ? client.settings?.apiTokenLimit.value : undefined);
  const fixed = isFixed(stage);
  const send = () => {
    const now = Date.now();
    const problems = fixed ? [] : problemsOf(draft, ceiling, now);
    if (problems.length > 0) return setFailures(problems);
    void submit(inputOf(draft, client, now));
  };
  const access = linkOptions({
    to: "/t/$tenant/w/$workspace/clients/$id/access",
    params: { tenant, workspace, id: client.id },
  });
  const form = { draft, onChange: change, failures, disabled: fixed };
  return (
    <NewValueSheet
      say={say}
      title={say.titleFor(client.name)}
      stage={stage}
      failures={failures}
      fields={FIELDS}
      isTouched={isTouched}
      reveal={reveal}
      onSend={send}
      onClose={onClose}
    >
      {limit != null && <Full limit={limit} />}
      <Comparison />
      <NameField {...form} />
      <PowerField {...form} choices={choicesOf(client)} access={access} />
      <EndField
        expiry={draft.expiry}
        onChange={(expiry) => change({ expiry })}
        ceiling={ceiling}
        failures={failures}
        disabled={fixed}
      />
    </NewValueSheet>
  );
}
