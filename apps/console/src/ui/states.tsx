import { type ReactNode, useEffect, useRef } from "react";
import { text } from "../text.ts";
import { Shape } from "./badge.tsx";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { Id } from "./id.tsx";

/** Nothing here yet: one sentence, one act, at most one link. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <p>{children}</p>
      {action && <div className="actions">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** What happened: "Could not load the clients." */
  what: string;
  why?: string | undefined;
  todo?: string | undefined;
  /** The `req_…` that finds this in the server's log. */
  correlationId?: string | undefined;
  onRetry?: () => void;
  action?: ReactNode;
  /** It is all that the page says: its title, and where a reader starts. */
  page?: boolean;
}

/** Stands where the content would: what happened, why, what to do, and how to find it in the log. */
export function ErrorState({ what, why, todo, correlationId, onRetry, action, page = false }: ErrorStateProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!page) return;
    document.title = `${what} · ${text.product}`;
    heading.current?.focus({ preventScroll: true });
  }, [page, what]);
  const Heading = page ? "h1" : "h2";
  return (
    <div className="state" role="alert">
      <Heading ref={heading} tabIndex={page ? -1 : undefined}>
        <span className="badge bad">
          <Shape status="broken" />
        </span>{" "}
        {what}
      </Heading>
      {why && <p>{why}</p>}
      {todo && <p>{todo}</p>}
      <div className="actions">
        {onRetry && <Button onPress={onRetry}>{text.error.retry}</Button>}
        {action}
        {correlationId && (
          <span className="muted small">
            {text.error.correlation} <Id id={correlationId} what="request ID" />
          </span>
        )}
      </div>
    </div>
  );
}

const BANNER_ICON: Readonly<Record<string, IconName>> = { ok: "check", warn: "warning", bad: "warning", info: "info" };

/** A line that matters before the content under it. */
export function Banner({
  tone,
  children,
  action,
}: {
  tone: "ok" | "warn" | "bad" | "info";
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={`banner ${tone}`}>
      <Icon name={BANNER_ICON[tone] ?? "info"} />
      <div className="grow">{children}</div>
      {action}
    </div>
  );
}

/** A bordered part of a page with a head line. */
export function Panel({ title, aside, children }: { title?: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel">
      {(title || aside) && (
        <div className="panel-head">
          {title && <h2>{title}</h2>}
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** Section name and one sentence of help in the margin, the content beside it. */
export function MarginBlock({
  title,
  help,
  action,
  children,
}: {
  title: string;
  help?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="block">
      <div className="block-label">
        <h2>{title}</h2>
        {help && <p>{help}</p>}
        {action}
      </div>
      <div>{children}</div>
    </section>
  );
}

/** Lines of the real row height while a list is on its way; no words, one announcement. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className="state" role="status" aria-label={text.frame.loading}>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} className="skeleton" />
      ))}
    </div>
  );
}
