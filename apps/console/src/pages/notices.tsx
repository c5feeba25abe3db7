import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { mayNot } from "../may-not.ts";
import { sentence } from "../server/ask.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Banner } from "../ui/states.tsx";
import { toast } from "../ui/toast.tsx";
import { DeleteDialog } from "./notices/delete-dialog.tsx";
import { DeliveryTable } from "./notices/delivery-table.tsx";
import {
  NoticesPage,
  type NoticesWorkspace,
  SendTestNotice,
  type Unmailed,
  UpdateWebhook,
  type Webhook,
} from "./notices/documents.ts";
import { words } from "./notices/text.ts";
import { CreateSheet, EditSheet, RenewSheet } from "./notices/webhook-sheets.tsx";
import { type Act, WebhookTable } from "./notices/webhook-table.tsx";

const NEEDED = ["settings:write", "client-secret:read", "api-token:read"];

const NONE: readonly Unmailed[] = [];

/** Milliseconds until what is on its way is looked for again. */
const LOOK_AGAIN = 1500;

/** What is open over the page. That a webhook is to be made stands in the address. */
function useOpen() {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { new: wanted } = useSearch({ strict: false }) as { new?: string };
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  // The sheet's own moves: its guard has asked by then, or nothing is lost.
  const go = (search: { new?: string }, replace: boolean) =>
    navigate({
      to: "/t/$tenant/w/$workspace/notices",
      params: { tenant, workspace },
      search,
      replace,
      ignoreBlocker: true,
    });
  const leave = async () => {
    if (wanted !== undefined) await go({}, true);
  };
  return {
    isWanted: wanted === "webhook",
    /** A secret is on the screen: nothing but its own sheet may close it. */
    shown,
    open: () => void go({ new: "webhook" }, false),
    made: async () => {
      setShown(true);
      await leave();
    },
    close: () => {
      setShown(false);
      void leave();
    },
  };
}

/** Looks again while something is on its way for the first time: a test arrives, or not, within seconds. */
function useArrivals(webhooks: readonly Webhook[], reload: () => void) {
  const isUnderWay = webhooks.some(({ deliveries }) =>
    deliveries?.some(({ state, reason }) => state === "WAITING" && reason === null),
  );
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(reload, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [isUnderWay, reload]);
}

function Webhooks({
  workspace,
  webhooks,
  reload,
}: {
  workspace: NoticesWorkspace;
  webhooks: readonly Webhook[];
  reload: () => void;
}) {
  const sheet = useOpen();
  const [acting, setActing] = useState<{ act: Act; webhook: Webhook } | null>(null);
  const update = useMutate(UpdateWebhook);
  const send = useMutate(SendTestNotice);
  useArrivals(webhooks, reload);
  const act = useCallback(
    async (kind: Act, webhook: Webhook) => {
      const { id, name } = webhook;
      if (kind === "edit" || kind === "renew" || kind === "delete") return setActing({ act: kind, webhook });
      const isActive = kind === "turn-on";
      const done = await (kind === "test" ? send({ id }) : update({ id, isActive }));
      const said = kind === "test" ? words.tested : isActive ? words.turnedOn : words.turnedOff;
      toast(done.ok ? said(name) : sentence(done.failures[0]));
      reload();
    },
    [send, update, reload],
  );
  const onAct = useCallback((kind: Act, webhook: Webhook) => void act(kind, webhook), [act]);
  const { viewerPermissions: held } = workspace;
  const unmailed = workspace.unmailedNotices ?? NONE;
  const lacking = NEEDED.find((permission) => !held.includes(permission));
  const locked = lacking === undefined ? undefined : mayNot(held, lacking);
  const close = () => setActing(null);
  const made = async () => reload();
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <Button variant="primary" icon="plus" disabledReason={locked} onPress={sheet.open}>
            {words.add}
          </Button>
        }
      >
        {`${words.lead} ${words.schedule}`}
      </PageHead>
      {webhooks.map(({ id, name, isActive, deliveries }) => {
        const reason = isActive ? deliveries?.[0]?.reason : null;
        return (
          reason != null && (
            <Banner key={id} tone="warn">
              <b>{name}:</b> {reason}
            </Banner>
          )
        );
      })}
      <WebhookTable webhooks={webhooks} locked={mayNot(held, "settings:write")} onAct={onAct} />
      {(unmailed.length > 0 || webhooks.some(({ deliveries }) => deliveries && deliveries.length > 0)) && (
        <DeliveryTable webhooks={webhooks} unmailed={unmailed} />
      )}
      {(sheet.shown || (sheet.isWanted && locked === undefined)) && (
        <CreateSheet
          workspaceId={workspace.id}
          onMade={async () => {
            await sheet.made();
            reload();
          }}
          onClose={sheet.close}
        />
      )}
      {acting?.act === "edit" && <EditSheet webhook={acting.webhook} onSaved={reload} onClose={close} />}
      {acting?.act === "renew" && <RenewSheet webhook={acting.webhook} onMade={made} onClose={close} />}
      {acting?.act === "delete" && <DeleteDialog webhook={acting.webhook} onDone={reload} onClose={close} />}
    </>
  );
}

/** Who hears of it when credentials end, and what was sent. */
export function Notices() {
  const page = usePage(NoticesPage, {});
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  const { webhooks } = workspace;
  if (!webhooks) return <NotYours what={words.hidden} />;
  return <Webhooks workspace={workspace} webhooks={webhooks} reload={page.reload} />;
}
