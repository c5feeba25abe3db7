import { useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { useEffect, useId, useMemo, useState } from "react";
import type { CreateClientPageQuery } from "../../gql/graphql.ts";
import type { Revealed } from "../../reveal/revealed.ts";
import { useReveal } from "../../reveal/use-reveal.tsx";
import { Button } from "../../ui/button.tsx";
import { type LeaveQuestion, Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { expiryWrong, instantOf } from "../expiry/expiry.ts";
import { AccessPicker } from "./access-picker.tsx";
import { CreateForm } from "./create-form.tsx";
import { CreateTrouble } from "./create-trouble.tsx";
import { allowedBy } from "./limits.ts";
import { Summary, targetsOf } from "./summary.tsx";
import { words as listWords, createWords as words } from "./text.ts";
import { useApis } from "./use-apis.ts";
import { type Stage, useCreate } from "./use-create.ts";
import { type Prefill, useDraft } from "./use-draft.ts";

type Workspace = NonNullable<CreateClientPageQuery["workspace"]>;

/** The ways out of the sheet; each goes past its guard, which has asked by then. */
function useWaysOut() {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const navigate = useNavigate();
  const { history } = useRouter();
  const list = { to: "/t/$tenant/w/$workspace/clients", params, replace: true, ignoreBlocker: true } as const;
  return {
    params,
    toList: () => (history.canGoBack() ? history.back({ ignoreBlocker: true }) : void navigate(list)),
    toClient: (id: string) =>
      void navigate({
        to: "/t/$tenant/w/$workspace/clients/$id",
        params: { ...params, id },
        replace: true,
        ignoreBlocker: true,
      }),
  };
}

const clientPlaces = (params: { tenant: string; workspace: string }, id: string, takesCertificates: boolean) => {
  const of = { params: { ...params, id } };
  const credentials = { to: "/t/$tenant/w/$workspace/clients/$id/credentials", ...of } as const;
  return {
    settings: { to: "/t/$tenant/w/$workspace/clients/$id/settings", ...of },
    credentials,
    certificate: takesCertificates ? { ...credentials, search: { new: "certificate" } } : undefined,
    access: { to: "/t/$tenant/w/$workspace/clients/$id/access", ...of },
  } as const;
};

/** What is asked before the sheet is left, by what would be lost. */
function questionOf(stage: Stage, isTouched: boolean): LeaveQuestion | undefined {
  if (stage.at === "sending") return words.making;
  if (stage.at === "uncertain" || stage.at === "lost") return words.unseen;
  return isTouched ? words.leave : undefined;
}

/** Why this person cannot create a client here with a secret. */
function mayNot(permissions: readonly string[]): string | undefined {
  const may = permissions.includes("client:write") && permissions.includes("client-secret:write");
  return may ? undefined : listWords.mayNotCreate;
}

/** Name, type, template, access, limits; then, in the same sheet, the secret. */
export function CreateSheet({
  workspace,
  prefill,
  held,
}: {
  workspace: Workspace;
  prefill: Prefill;
  /** What the person holds in the whole tenant. */
  held: readonly string[];
}) {
  const { params, toList, toClient } = useWaysOut();
  const now = useNow(60_000);
  const allowed = useMemo(() => allowedBy(workspace.settings), [workspace.settings]);
  const page = workspace.resources;
  const first = page?.nodes ?? [];
  const hasMore = page?.pageInfo.hasNextPage ?? false;
  const { draft, change, choose, isTouched } = useDraft(prefill, hasMore ? [] : first, allowed);
  const apis = useApis(params.workspace, first, hasMore, draft.scopes);
  const targets = targetsOf(draft.scopes, apis.all);
  const creating = useCreate();
  const { stage } = creating;
  const [tried, setTried] = useState(false);
  const badEnd = expiryWrong(draft.expiry, allowed.secret, now);
  const locked = mayNot(workspace.viewerPermissions);
  const waits =
    workspace.settings?.clientApproval.value === "REQUIRED" && !workspace.viewerPermissions.includes("client:approve");
  const summaryId = useId();

  const revealed = useMemo<Revealed | null>(() => {
    if (stage.at !== "made" || stage.secret === null) return null;
    const { issuer, tokenEndpoint, jwksUri } = workspace;
    const methods = workspace.settings?.clientAuthenticationMethods.value ?? ["CLIENT_SECRET_POST"];
    const method = methods.includes("CLIENT_SECRET_POST") ? "post" : "basic";
    const { clientId, name } = stage.client;
    const dpop = workspace.settings?.dpop.value === "REQUIRED";
    return { clientId, name, secret: stage.secret, issuer: { issuer, tokenEndpoint, jwksUri }, targets, method, dpop };
    // The sheet shows what was made, whatever the page learns while it is open.
  }, [stage]);

  const made = stage.at === "made" ? stage.client : undefined;
  const leave = (go: () => void) => () => {
    creating.forget();
    go();
  };
  const reveal = useReveal(revealed, {
    places: clientPlaces(params, made?.id ?? "", workspace.mtlsTokenEndpoint != null),
    onDone: leave(() => made && toClient(made.id)),
  });

  const submit = () => {
    if (locked !== undefined) return;
    setTried(true);
    if (stage.at !== "draft" || draft.name.trim() === "" || (badEnd !== undefined && !waits)) return;
    void creating.submit({
      workspaceId: workspace.id,
      name: draft.name.trim(),
      description: draft.description.trim(),
      accessTokenLifetime: draft.tokenLife,
      grants: targets.map(({ id, scopes }) => ({ resourceId: id, scopes: [...scopes] })),
      ...(waits ? {} : { secret: { expiresAt: instantOf(draft.expiry, Date.now()) } }),
    });
  };
  const waitingId = stage.at === "made" && stage.secret === null ? stage.client.id : undefined;
  useEffect(() => {
    if (stage.at !== "made" || waitingId === undefined) return;
    toast(words.waiting(stage.client.name));
    creating.forget();
    toClient(waitingId);
  }, [waitingId]);
  useShortcuts(revealed ? {} : { "mod+Enter": submit }, true);

  if (revealed)
    return (
      <Sheet open title={words.made(revealed.name)} guard={reveal.guard} foot={reveal.foot} onClose={leave(toList)}>
        {reveal.body}
      </Sheet>
    );
  const isSending = stage.at === "sending";
  return (
    <Sheet
      open
      title={words.title}
      onClose={leave(toList)}
      guard={questionOf(stage, isTouched)}
      foot={(close) => (
        <>
          <span className="grow" />
          <Button onPress={close}>{words.cancel}</Button>
          {(stage.at === "draft" || isSending) && (
            <Button variant="primary" shortcut="⌘↵" onPress={submit} pending={isSending} disabledReason={locked}>
              {words.submit}
            </Button>
          )}
        </>
      )}
    >
      {locked === undefined && waits && <Banner tone="info">{words.waits}</Banner>}
      {locked !== undefined && <Banner tone="info">{locked}</Banner>}
      <CreateTrouble stage={stage} retry={creating.retry} replaceSecret={creating.replaceSecret} />
      <div className="create-sheet">
        <CreateForm
          waits={waits}
          draft={draft}
          allowed={allowed}
          now={now}
          tried={tried}
          badEnd={badEnd}
          failures={stage.at === "draft" ? stage.failures : []}
          disabled={stage.at !== "draft"}
          onChange={change}
          onTemplate={choose}
          access={
            <AccessPicker
              shown={apis.shown}
              hasApis={first.length > 0}
              hasMore={hasMore}
              typed={apis.typed}
              onType={apis.setTyped}
              value={draft.scopes}
              onChange={(scopes) => change({ scopes })}
              held={held}
              addApi={
                workspace.viewerPermissions.includes("resource:write")
                  ? { to: "/t/$tenant/w/$workspace/apis/new", params }
                  : undefined
              }
            />
          }
        />
        <Summary id={summaryId} draft={draft} targets={targets} tokenLife={allowed.tokenLife} now={now} waits={waits} />
      </div>
    </Sheet>
  );
}
