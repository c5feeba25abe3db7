import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { text } from "../text.ts";
import { Announcer } from "../ui/announce.tsx";
import { TextField, type TextFieldProps } from "../ui/field.tsx";
import { Mark } from "../ui/icon.tsx";
import { Banner } from "../ui/states.tsx";
import { ToastRegion } from "../ui/toast.tsx";
import type { Asking } from "./use-ask.ts";

/** What stands before the console: set-up, sign-in, an invitation. One column on paper. */
export function Door({
  title,
  lead,
  wide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
    // A first field takes the focus by itself.
    if (!document.querySelector("main [data-first]")) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main className={wide ? "lone wide door" : "lone door"}>
      <div>
        <div className="door-mark">
          <Mark />
          <b>{text.product}</b>
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p className="door-lead">{lead}</p>}
        {children}
      </div>
      <ToastRegion />
      <Announcer />
    </main>
  );
}

/** Where the person is typing, so that they see it. */
export const Host = () => <p className="door-foot mono">{location.host}</p>;

/** The server's sentences mark commands with backticks. */
function WithCode({ words }: { words: string }) {
  return words.split("`").map((part, at) => (at % 2 === 1 ? <code key={part}>{part}</code> : part));
}

/** A form whose refusal stands above its fields. */
export function AskForm({ asking, onSubmit, children }: { asking: Asking; onSubmit: () => void; children: ReactNode }) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!asking.pending) onSubmit();
  };
  return (
    <form ref={asking.form} onSubmit={submit} noValidate>
      {asking.trouble && (
        <div role="alert">
          <Banner tone="bad">
            <WithCode words={asking.trouble} />
          </Banner>
        </div>
      )}
      {children}
    </form>
  );
}

/** A password, hidden until asked for. */
export function PasswordField(props: Omit<TextFieldProps, "type" | "end">) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
      end={
        <button
          type="button"
          className="in-field"
          aria-pressed={shown}
          aria-label={text.field.showPassword}
          onClick={() => setShown(!shown)}
        >
          {shown ? text.field.hide : text.field.show}
        </button>
      }
    />
  );
}
