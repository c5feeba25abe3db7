import { linkOptions, useParams } from "@tanstack/react-router";
import { span } from "../../format.ts";
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
    readonly secrets?:
      | readonly { readonly id: string; readonly expiresAt?: string | null; readonly revokedAt?: string | null }[]
      | null;
  } | null;
}

/** Whether the client has a secret that works beyond this one's end. */
function isReplaced(secret: Ending, now: number): boolean {
  const end = Math.max(Date.parse(secret.expiresAt ?? ""), now);
  return (secret.client?.secrets ?? []).some(
    ({ id, expiresAt, revokedAt }) =>
      id !== secret.id && !revokedAt && (expiresAt === null || expiresAt === undefined || Date.parse(expiresAt) > end),
  );
}

function Line({ secret, now }: { secret: Ending; now: number }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { attention } = words;
  const end = Date.parse(secret.expiresAt ?? "");
  const over = end <= now;
  const replaced = isReplaced(secret, now);
  const name = secret.client?.name ?? attention.gone;
  const params = { tenant, workspace, id: secret.client?.id ?? "" };
  return (
    <li>
      <span className={over ? "attention-mark bad" : "attention-mark warn"}>
        <Shape status={over ? "broken" : "attention"} />
      </span>
      <div className="grow">
        <p>{over ? attention.ended(name) : attention.ends(name, attention.inTime(span(end - now)))}</p>
        <p className="small muted">
          {secret.lastUsedAt ? (
            <>
              {attention.used} <TimeCell at={Date.parse(secret.lastUsedAt)} />
            </>
          ) : (
            attention.neverUsed
          )}
          . {replaced ? attention.replaced : attention.alone}
        </p>
      </div>
      {secret.client && (
        <ButtonLink size="compact" to={linkOptions({ to: "/t/$tenant/w/$workspace/clients/$id/credentials", params })}>
          {attention.review}
          <span className="sr">{attention.reviewOf(name)}</span>
        </ButtonLink>
      )}
    </li>
  );
}

/** Secrets that are about to end, and those that have ended and left their client without one. */
export function Attention({ secrets }: { secrets: readonly Ending[] }) {
  const now = useNow(60_000);
  // An expired secret matters while nothing has taken its place.
  const open = secrets
    .filter((secret) => Date.parse(secret.expiresAt ?? "") > now || !isReplaced(secret, now))
    .slice(0, 5);
  return (
    <Panel title={words.attention.title}>
      {open.length === 0 ? (
        <EmptyState>{words.attention.none}</EmptyState>
      ) : (
        <ul className="lines">
          {open.map((secret) => (
            <Line key={secret.id} secret={secret} now={now} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
