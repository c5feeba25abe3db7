import { useParams } from "@tanstack/react-router";
import { type ReactElement, useEffect, useEffectEvent, useRef, useState } from "react";
import type { TypedDocumentNode } from "urql";
import { useQuery } from "urql";
import { regainSession, rememberPerson } from "../session/regain.ts";
import type { FrameData } from "../shell/frame-query.ts";
// The fragments that every page's document spreads.
import "../shell/frame-query.ts";
import { showBusy, showFrame } from "../shell/frame-store.ts";
import { text } from "../text.ts";
import { NotYours } from "../ui/not-yours.tsx";
import { SsoRequired } from "../ui/sso-required.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { TenantSuspended } from "../ui/tenant-suspended.tsx";
import { toast } from "../ui/toast.tsx";
import { useReconnected } from "./connection.ts";
import { trouble } from "./trouble.ts";

/** The page's data with its workspace there. */
type InWorkspace<Data> = Data extends { workspace?: infer Workspace }
  ? Omit<Data, "workspace"> & { workspace: NonNullable<Workspace> }
  : Data;

/** Either something to draw instead of the page (skeleton, error, not yours), or the data. */
export type Page<Data> =
  | {
      readonly wait: ReactElement;
      readonly data: null;
      /** The answer is still to come: a page may draw what it knows without it. */
      readonly coming: boolean;
      readonly reload: () => void;
    }
  | { readonly wait: null; readonly data: InWorkspace<Data>; readonly reload: () => void };

/** No skeleton for the first 150 ms: most answers are here by then. */
function Patience({ rows }: { rows: number }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!over) return <div />;
  return (
    <>
      <h1 className="sr">{text.frame.loading}</h1>
      <Skeleton rows={rows} />
    </>
  );
}

/** The last good answer for these variables: a refresh that fails must not take away what is on the screen, least of all a secret. */
function useKept<Data>(data: Data | undefined, key: string): Data | undefined {
  const kept = useRef<{ key: string; data: Data } | null>(null);
  if (data) kept.current = { key, data };
  return data ?? (kept.current?.key === key ? kept.current.data : undefined);
}

/**
 * The one request of a route. Its document spreads `...Frame` (or `...TenantFrame` outside a workspace), so that the frame
 * comes with it; `$workspace` is filled in from the address. Draw `wait` while it is not null.
 */
export function usePage<Data extends FrameData, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, "workspace">,
  { pause = false, rows = 6 }: { pause?: boolean; rows?: number } = {},
): Page<Data> {
  const { workspace } = useParams({ strict: false }) as { workspace?: string };
  const all = (workspace === undefined ? variables : { ...variables, workspace }) as unknown as Variables;
  const [result, reload] = useQuery<Data, Variables>({ query: document, variables: all, pause } as never);
  const { error, fetching, stale } = result;
  const data = useKept(result.data, JSON.stringify(all));
  const failed = error ? trouble(error) : null;
  const ended = failed?.failure.code === "UNAUTHENTICATED";
  useEffect(() => {
    if (!data) return;
    showFrame(data);
    rememberPerson(data.viewer.email);
  }, [data]);
  useEffect(() => showBusy(Boolean(data) && (fetching || stale)), [data, fetching, stale]);
  const again = () => reload({ requestPolicy: "network-only" });
  const regain = useEffectEvent(() => void regainSession().then((isBack) => isBack && again()));
  useEffect(() => {
    if (ended) regain();
  }, [ended]);
  useReconnected(again);
  // Where nothing answers the bar says so.
  const isOld = Boolean(data) && !result.data && failed !== null && !ended && failed.failure.code !== "UNREACHABLE";
  useEffect(() => {
    if (isOld) toast(text.error.old);
  }, [isOld]);
  if (failed?.failure.code === "NOT_A_MEMBER") return { wait: <NotYours />, data: null, coming: false, reload: again };
  if (failed?.failure.code === "SSO_REQUIRED")
    return { wait: <SsoRequired />, data: null, coming: false, reload: again };
  if (failed?.failure.code === "TENANT_SUSPENDED")
    return { wait: <TenantSuspended />, data: null, coming: false, reload: again };
  if (failed && !ended && !data) {
    const { message, fix } = failed.failure;
    const wait = (
      <ErrorState
        page
        what={text.error.page}
        why={message}
        todo={fix}
        correlationId={failed.correlationId}
        onRetry={again}
      />
    );
    return { wait, data: null, coming: false, reload: again };
  }
  if (!data) return { wait: <Patience rows={rows} />, data: null, coming: true, reload: again };
  if ("workspace" in data && data.workspace === null)
    return { wait: <NotYours />, data: null, coming: false, reload: again };
  return { wait: null, data: data as InWorkspace<Data>, reload: again };
}
