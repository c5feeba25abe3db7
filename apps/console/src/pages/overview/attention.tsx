import { linkOptions, useParams } from "@tanstack/react-router";
import { timeLeft } from "../../life.ts";
import { Shape } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import { words } from "./text.ts";

interface Ending {
  readonly id: string;
  readonly expiresAt?: string | null;
  readonly lastUsedAt?: string | null;
  readonly client?: {
    readonly id: string;
    readonly name: string;
    readonly credentials?: {
      readonly nodes: readonly { readonly id: string; readonly expiresAt?: string | null }[];
    } | null;
  } | null;
}

/** Whether the client has a credential that works beyond this one's end. */
function isReplaced(ending: Ending, now: number): boolean {
  const end = Math.max(Date.parse(ending.expiresAt ?? ""), now);
  return (ending.client?.credentials?.nodes ?? []).some(
    ({ id, expiresAt }) => id !== ending.id && (!expiresAt || Date.parse(expiresAt) > end),
  );
}

function Line({ ending, now }: { ending: Ending; now: number }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { attention } = words;
  const end = Date.parse(ending.expiresAt ?? "");
  const over = end <= now;
  const replaced = isReplaced(ending, now);
  const name = ending.client?.name ?? attention.gone;
  const params = { tenant, workspace, id: ending.client?.id ?? "" };
  return (
    <li>
      <span className={over ? "attention-mark bad" : "attention-mark warn"}>
        <Shape status={over ? "broken" : "attention"} />
      </span>
      <div className="grow">
        <p>{over ? attention.ended(name) : attention.ends(name, attention.inTime(timeLeft(end - now)))}</p>
        <p className="small muted">
          {ending.lastUsedAt ? (
            <>
              {attention.used} <TimeCell at={Date.parse(ending.lastUsedAt)} />
            </>
          ) : (
            attention.neverUsed
          )}
          . {replaced ? attention.replaced : attention.alone}
        </p>
      </div>
      {ending.client && (
        <ButtonLink size="compact" to={linkOptions({ to: "/t/$tenant/w/$workspace/clients/$id/credentials", params })}>
          {attention.review}
          <span className="sr">{attention.reviewOf(name)}</span>
        </ButtonLink>
      )}
    </li>
  );
}

/** Credentials that are about to end, and those that have ended and left their client without one. */
export function Attention({ credentials }: { credentials: readonly Ending[] }) {
  const now = useNow(60_000);
  // An expired one matters while nothing has taken its place.
  const open = credentials
    .filter((ending) => Date.parse(ending.expiresAt ?? "") > now || !isReplaced(ending, now))
    .slice(0, 5);
  return (
    <Panel title={words.attention.title}>
      {open.length === 0 ? (
        <EmptyState>{words.attention.none}</EmptyState>
      ) : (
        <ul className="lines">
          {open.map((ending) => (
            <Line key={ending.id} ending={ending} now={now} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
