import { type AriaAttributes, type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { LayerProvider, useLayer, useTopLayer } from "./layer.tsx";

/**
 * A native modal dialog, shown while `open`. It asks `onClose` for every way out: Escape, the browser's own close request,
 * a press outside. Nothing closes it but its owner: a dialog that the browser closed is shown again.
 */
export function Modal({
  open,
  onClose,
  children,
  ...rest
}: AriaAttributes & {
  open: boolean;
  onClose: () => void;
  className: string;
  role?: "alertdialog";
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useShown(dialog, open);
  useLayer(dialog, open);
  useStrayEscape(dialog, open, onClose);
  return (
    <LayerProvider>
      {(layer) => (
        <dialog
          {...rest}
          ref={(element) => {
            dialog.current = element;
            layer(element);
          }}
          closedby="none"
          // A browser honours only the first refused Escape; a key that was handled never becomes a close request at all.
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.defaultPrevented) return;
            event.preventDefault();
            event.stopPropagation();
            onClose();
          }}
          onCancel={(event) => {
            if (event.target !== event.currentTarget) return;
            event.preventDefault();
            onClose();
          }}
          onMouseDown={(event) => {
            if (event.target === event.currentTarget) onClose();
          }}
        >
          {open && children}
        </dialog>
      )}
    </LayerProvider>
  );
}

/** A field that was switched off drops the focus to the page: the topmost dialog still hears Escape. */
function useStrayEscape(dialog: React.RefObject<HTMLDialogElement | null>, open: boolean, onClose: () => void): void {
  const top = useTopLayer();
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.target !== document.body) return;
    if (top !== dialog.current) return;
    event.preventDefault();
    onClose();
  });
  useEffect(() => {
    if (!open) return;
    const listen = (event: KeyboardEvent) => hear(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [open]);
}

/** Where a dialog starts: the part marked first, else its title, so that no tooltip opens by itself. */
const firstOf = (dialog: HTMLElement): HTMLElement | null =>
  dialog.querySelector<HTMLElement>("[data-first]") ?? dialog.querySelector<HTMLElement>("h2[tabindex]");

function useShown(dialog: React.RefObject<HTMLDialogElement | null>, open: boolean): void {
  // A dialog gives the focus back to its opener only where it closes before it leaves the document.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!open || !element) return;
    if (!element.open) element.showModal();
    firstOf(element)?.focus();
    const again = () => {
      if (element.isConnected && !element.open) element.showModal();
    };
    element.addEventListener("close", again);
    return () => {
      element.removeEventListener("close", again);
      element.close();
    };
  }, [dialog, open]);
}
