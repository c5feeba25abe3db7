import type { ReactNode } from "react";

/** What a badge says before its words are read. */
export type Status = "active" | "attention" | "broken" | "transition" | "off" | "never";

const TONE: Readonly<Record<Status, string>> = {
  active: "ok",
  attention: "warn",
  broken: "bad",
  transition: "warn",
  off: "",
  never: "",
};

const ring = { cx: 4, cy: 4, r: 2.9, fill: "none", stroke: "currentColor", strokeWidth: 1.3 };

const SHAPE: Readonly<Record<Status, ReactNode>> = {
  active: <circle cx="4" cy="4" r="3.5" fill="currentColor" />,
  attention: <path d="M4 .3 7.9 7.5H.1z" fill="currentColor" />,
  broken: <rect x=".8" y=".8" width="6.4" height="6.4" fill="currentColor" />,
  transition: (
    <>
      <path d="M4 .5a3.5 3.5 0 0 1 0 7z" fill="currentColor" />
      <circle {...ring} strokeWidth={1.2} />
    </>
  ),
  off: <circle {...ring} />,
  never: <circle {...ring} strokeDasharray="1.7 1.3" />,
};

/** The shape alone, 8 pixels, in the colour of the text around it. */
export function Shape({ status }: { status: Status }) {
  return (
    <svg className="badge-shape" viewBox="0 0 8 8" aria-hidden="true">
      {SHAPE[status]}
    </svg>
  );
}

/** Shape and word. Filled only beside a page title; plain in tables. */
export function Badge({ status, filled, children }: { status: Status; filled?: boolean; children: ReactNode }) {
  return (
    <span className={`badge ${TONE[status]}${filled ? " filled" : ""}`}>
      <Shape status={status} />
      {children}
    </span>
  );
}

/** A word in a box: a method, a label. Mono for identifiers. */
export function Tag({ mono, children }: { mono?: boolean; children: ReactNode }) {
  return <span className={mono ? "tag mono" : "tag"}>{children}</span>;
}
