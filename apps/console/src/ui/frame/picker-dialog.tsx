import { useEffect } from "react";
import { announce } from "../announce.tsx";
import { Modal } from "../modal.tsx";
import { Picker, type PickerProps } from "./picker.tsx";

/** A picker over the page: the palette in the middle, or the switcher under its button. */
export function PickerDialog({
  look,
  open,
  onClose,
  found,
  foot,
  ...picker
}: PickerProps & {
  look: "palette" | "switcher";
  open: boolean;
  onClose: () => void;
  /** What screen readers hear about the number of results. */
  found: string;
  foot?: React.ReactNode;
}) {
  useEffect(() => {
    if (open) announce(found);
  }, [open, found]);
  return (
    <Modal open={open} onClose={onClose} className={look} aria-label={picker.label}>
      <Picker {...picker} />
      {foot}
    </Modal>
  );
}
