import { Link, type LinkProps } from "@tanstack/react-router";
import type { AriaAttributes, ReactNode, Ref } from "react";

/** A place in the console: path, its parameters and the view state in the query string. `linkOptions()` makes a checked one. */
export type LinkTarget = Pick<LinkProps, "to" | "params" | "search">;

interface AppLinkProps extends AriaAttributes {
  to: LinkTarget;
  children: ReactNode;
  className?: string;
  ref?: Ref<HTMLAnchorElement>;
  onClick?: () => void;
}

/** A link inside the console: a real address, followed without loading a page. */
export function AppLink({ to, children, ...rest }: AppLinkProps) {
  return (
    <Link {...to} {...rest} activeProps={{}} inactiveProps={{}}>
      {children}
    </Link>
  );
}
