import { type ReactNode, useEffect, useRef } from "react";
import { text } from "../text.ts";

/** The title of a page with its acts. A new page takes the focus here, so that screen readers announce it. */
export function PageHead({
  title,
  badge,
  children,
  actions,
}: {
  title: string;
  badge?: ReactNode;
  /** A sentence, or the meta line of a detail page. */
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="head">
      <div className="grow">
        <h1 ref={heading} tabIndex={-1}>
          {title}
          {badge}
        </h1>
        {typeof children === "string" ? <p>{children}</p> : children}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}
