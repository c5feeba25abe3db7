import { cloneElement, type ReactElement } from "react";

/** The attribute whose words `TooltipLayer` shows: one listener for the page, none for each button. */
export const TIP = "data-tip";

/** Words on hover and on focus. The child must be one focusable element; it is described by the words while they stand. */
export function Tooltip({ words, children }: { words: string; children: ReactElement }) {
  return cloneElement(children as ReactElement<{ [TIP]?: string }>, { [TIP]: words });
}
