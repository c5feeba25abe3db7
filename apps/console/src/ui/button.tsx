import { type ReactNode, type RefObject, useId } from "react";
import { Icon, type IconName } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";
import { AppLink, type LinkTarget } from "./link.tsx";
import { Tooltip } from "./tooltip.tsx";

interface Look {
  children: ReactNode;
  /** Primary is ink, one per page; danger is an outline; destroy is filled red and stands only in a confirm dialog. */
  variant?: "primary" | "secondary" | "quiet" | "danger" | "destroy";
  size?: "normal" | "compact";
  icon?: IconName;
  /** Shown inside the button, as in `⌘↵`; the page binds it. */
  shortcut?: string;
}

export interface ButtonProps extends Look {
  onPress?: () => void;
  type?: "button" | "submit";
  /** Why it cannot be pressed now. It stays focusable, so that the reason can be read. */
  disabledReason?: string | undefined;
  /** While its work runs: presses are ignored, its width stays. */
  pending?: boolean;
  form?: string;
  /** For a button that stays in: whether it is. */
  pressed?: boolean;
  autoFocus?: boolean;
  ref?: RefObject<HTMLButtonElement | null>;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
}

const classes = ({ variant = "secondary", size = "normal" }: Look) =>
  `button ${variant}${size === "compact" ? " compact" : ""}`;

function Inside({ icon, shortcut, children }: Look) {
  return (
    <>
      {icon && <Icon name={icon} />}
      {children}
      {shortcut && <Kbd keys={shortcut} />}
    </>
  );
}

/** A push button: verb and object, sentence case. */
export function Button(props: ButtonProps) {
  const reasonId = useId();
  const off = props.disabledReason !== undefined || props.pending === true;
  const button = (
    <button
      ref={props.ref}
      type={props.type ?? "button"}
      className={classes(props)}
      form={props.form}
      aria-label={props["aria-label"]}
      aria-disabled={off || undefined}
      aria-busy={props.pending || undefined}
      aria-pressed={props.pressed}
      aria-describedby={props.disabledReason ? reasonId : props["aria-describedby"]}
      // biome-ignore lint/a11y/noAutofocus: the dialog that asks decides where a person starts
      autoFocus={props.autoFocus}
      data-first={props.autoFocus || undefined}
      onClick={(event) => {
        if (off) event.preventDefault();
        else props.onPress?.();
      }}
    >
      <Inside {...props} />
    </button>
  );
  if (!props.disabledReason) return button;
  return (
    <>
      <Tooltip words={props.disabledReason}>{button}</Tooltip>
      <span id={reasonId} hidden>
        {props.disabledReason}
      </span>
    </>
  );
}

/** Looks like a button, goes somewhere. */
export function ButtonLink({ to, ...look }: Look & { to: LinkTarget }) {
  return (
    <AppLink to={to} className={classes(look)}>
      <Inside {...look} />
    </AppLink>
  );
}

/** The room of a primary button that is still to come, so that nothing moves when it does. */
export function ButtonSpace(look: Omit<Look, "variant" | "size">) {
  return (
    <span className="button primary space" aria-hidden="true">
      <Inside {...look} />
    </span>
  );
}

export interface IconButtonProps {
  icon: IconName;
  /** What it does, as words: its only name, and its tooltip. */
  label: string;
  onPress: () => void;
  size?: "normal" | "tiny";
  className?: string;
  ref?: RefObject<HTMLButtonElement | null>;
  "aria-expanded"?: boolean;
  "aria-haspopup"?: "menu" | "dialog";
}

/** A button that is only a drawing. */
export function IconButton({ icon, label, onPress, size = "normal", className = "", ref, ...aria }: IconButtonProps) {
  return (
    <Tooltip words={label}>
      <button
        ref={ref}
        type="button"
        aria-label={label}
        className={`icon-button${size === "tiny" ? " tiny" : ""} ${className}`}
        onClick={onPress}
        {...aria}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
