import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, Focusable, TooltipTrigger } from "react-aria-components";
import { usePortal } from "./layer.tsx";

/** Words on hover and on focus. The child must be one focusable element; it is described by the words. */
export function Tooltip({
  words,
  children,
}: {
  words: string;
  children: ReactElement<React.DOMAttributes<HTMLElement>, string>;
}) {
  const portal = usePortal();
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      <Focusable>{children}</Focusable>
      <AriaTooltip className="tooltip" offset={6} {...portal}>
        {words}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
