import { type LinkProps, useLinkProps } from "@tanstack/react-router";
import type { AriaAttributes, ReactNode, Ref } from "react";

/** A place in the console: path, its parameters and the view state in the query string. `linkOptions()` makes a checked one. */
export type LinkTarget = Pick<LinkProps, "to" | "params" | "search">;

interface AppLinkProps extends AriaAttributes {
  to: LinkTarget;
  children: ReactNode;
  className?: string | undefined;
  ref?: Ref<HTMLAnchorElement>;
  onClick?: () => void;
}

/** A link inside the console: a real address, followed without loading a page. */
export function AppLink({ to, children, ref, "aria-current": current, ...rest }: AppLinkProps) {
  const props = useLinkProps({ ...to, ...rest } as Parameters<typeof useLinkProps>[0], ref as never);
  // The router marks every link to this page as current; only navigation and tabs say so themselves.
  return (
    <a {...props} aria-current={current}>
      {children}
    </a>
  );
}
