import { type ReactNode, useId } from "react";
import { doors } from "../../text/doors.ts";

/** One numbered part of set-up; all of them are in sight from the start. */
export function Step({
  number,
  title,
  help,
  children,
}: {
  number: number;
  title: string;
  help?: string | undefined;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="setup-step" aria-labelledby={id}>
      <span className="setup-number" aria-hidden="true">
        {number}
      </span>
      <div>
        <h2 id={id}>{title}</h2>
        {help && <p className="help">{help}</p>}
        {children}
      </div>
    </section>
  );
}

/** The issuer as it will stand in tokens, growing while the names are typed. `{tenant}` in the origin is the tenant's. */
export function IssuerPreview({ origin, tenant, workspace }: { origin: string; tenant: string; workspace?: string }) {
  return (
    <div className="issuer-preview">
      <span className="help">{doors.setUp.preview}</span>
      <code>
        {origin.replace("{tenant}", tenant || "…")}/<b>{tenant || "…"}</b>/
        {workspace === undefined ? <span className="muted">{doors.setUp.workspace}</span> : <b>{workspace || "…"}</b>}
      </code>
    </div>
  );
}
