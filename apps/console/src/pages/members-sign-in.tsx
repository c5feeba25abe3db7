import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { mayNot } from "../may-not.ts";
import { sentence } from "../server/ask.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { toast } from "../ui/toast.tsx";
import { MemberTabs } from "./members/tabs.tsx";
import { words as people } from "./members/text.ts";
import { usePlaces } from "./members/use-places.ts";
import { type Provider, SignInSettingsPage, UpdateSsoProvider } from "./sign-in-settings/documents.ts";
import { EndDialog } from "./sign-in-settings/end-dialog.tsx";
import { ProviderSheet } from "./sign-in-settings/provider-sheet.tsx";
import { type Act, ProviderTable } from "./sign-in-settings/provider-table.tsx";
import { words } from "./sign-in-settings/text.ts";
import "../styles/members.css";

/** What is open stands in the address: `new`, or a provider's id. */
function useOpen() {
  const { tenant = "" } = useParams({ strict: false });
  const { open } = useSearch({ strict: false }) as { open?: string };
  const navigate = useNavigate();
  const go = useCallback(
    (next: string | undefined) =>
      void navigate({
        to: "/t/$tenant/members/sign-in",
        params: { tenant },
        search: next === undefined ? {} : { open: next },
        replace: next === undefined,
        ignoreBlocker: true,
      }),
    [navigate, tenant],
  );
  return { open, go };
}

/** Whom the tenant trusts to say who somebody is. */
export function SignInPage() {
  const page = usePage(SignInSettingsPage, {});
  const { open, go } = useOpen();
  const [ending, setEnding] = useState<{ provider: Provider; isDeleting: boolean } | null>(null);
  const update = useMutate(UpdateSsoProvider);
  const places = usePlaces(page.data && { ...page.data, system: null }, open !== undefined);
  const { reload } = page;
  const act = useCallback(
    async (kind: Act, provider: Provider) => {
      if (kind === "edit") return go(provider.id);
      if (kind !== "turn-on") return setEnding({ provider, isDeleting: kind === "delete" });
      const done = await update({ id: provider.id, isActive: true });
      toast(done.ok ? words.turnedOn(provider.name) : sentence(done.failures[0]));
      reload();
    },
    [go, update, reload],
  );
  const onAct = useCallback((kind: Act, provider: Provider) => void act(kind, provider), [act]);
  if (page.wait) return page.wait;
  const { ssoProviders: providers, viewer } = page.data;
  if (!providers) return <NotYours what={words.hidden} />;
  const locked = mayNot(viewer.permissions, "sso-provider:write");
  const opened = providers.find(({ id }) => id === open);
  return (
    <>
      <PageHead
        title={people.title}
        actions={
          <Button variant="primary" icon="plus" disabledReason={locked} onPress={() => go("new")}>
            {words.add}
          </Button>
        }
      >
        {words.lead}
      </PageHead>
      <MemberTabs current="sign-in" may={viewer.permissions} />
      <ProviderTable providers={providers} locked={locked} onAct={onAct} />
      {locked === undefined && (open === "new" || opened) && (
        <ProviderSheet
          key={open}
          provider={opened}
          places={places}
          onSaved={page.reload}
          onClose={() => go(undefined)}
        />
      )}
      {ending && <EndDialog {...ending} onDone={page.reload} onClose={() => setEnding(null)} />}
    </>
  );
}
