import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/field.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { words } from "./text.ts";

/** Stands at the foot of the page while something is not saved: what it is, and the two ways on. */
export function SaveBar({
  summary,
  details,
  save,
  pending,
  error,
  disabledReason,
  onSave,
  onDiscard,
}: {
  summary: string;
  details?: ReactNode;
  save: string;
  pending: boolean;
  error?: string | undefined;
  disabledReason?: string | undefined;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const blocked = pending || disabledReason !== undefined;
  useShortcuts({ "mod+Enter": () => !blocked && onSave() });
  return (
    <section className="save-bar" aria-label={words.unsaved}>
      <div className="grow">
        <p role="status">{summary}</p>
        {details}
        {error && (
          <div role="alert">
            <Problem>{error}</Problem>
          </div>
        )}
      </div>
      <div className="actions">
        <Button onPress={onDiscard}>{words.discard}</Button>
        <Button variant="primary" shortcut="⌘↵" pending={pending} disabledReason={disabledReason} onPress={onSave}>
          {save}
        </Button>
      </div>
    </section>
  );
}
