import { type ClipboardEvent, type KeyboardEvent, useId, useRef } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Problem } from "../../ui/field.tsx";
import { type Draft, draftsOf } from "./rules.ts";
import { words } from "./text.ts";

const EMPTY: Draft = { name: "", description: "" };
const { sheet } = words;

interface RowProps {
  draft: Draft;
  at: number;
  problem: string | undefined;
  onChange: (draft: Draft) => void;
  onPaste: (event: ClipboardEvent) => void;
  onEnter: () => void;
  onRemove: () => void;
}

function DraftRow({ draft, at, problem, onChange, onPaste, onEnter, onRemove }: RowProps) {
  const id = useId();
  const enter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <li>
      <div className="draft">
        <div className={`input mono${problem ? " invalid" : ""}`}>
          <input
            aria-label={sheet.scopeName(at + 1)}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? id : undefined}
            value={draft.name}
            placeholder={at === 0 ? sheet.scopePlaceholder : ""}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
            onPaste={onPaste}
            onKeyDown={enter}
          />
        </div>
        <div className="input">
          <input
            aria-label={sheet.scopeDescription(at + 1)}
            value={draft.description}
            placeholder={at === 0 ? sheet.allowsPlaceholder : ""}
            autoComplete="off"
            maxLength={1000}
            onChange={(event) => onChange({ ...draft, description: event.target.value })}
            onKeyDown={enter}
          />
        </div>
        <IconButton icon="close" label={sheet.remove(at + 1)} onPress={onRemove} />
      </div>
      {problem && <Problem id={id}>{problem}</Problem>}
    </li>
  );
}

/** Scopes as they are being written: Enter adds a row, a paste of many lines makes many. */
export function ScopeDrafts({
  drafts,
  onChange,
  problem,
}: {
  drafts: readonly Draft[];
  onChange: (drafts: readonly Draft[]) => void;
  problem: (at: number) => string | undefined;
}) {
  const list = useRef<HTMLUListElement>(null);
  const focus = (at: number) =>
    setTimeout(() => list.current?.children[at]?.querySelector<HTMLInputElement>("input")?.focus());
  const insert = (at: number, added: readonly Draft[]) => {
    onChange([...drafts.slice(0, at), ...added, ...drafts.slice(at)]);
    focus(at + added.length - 1);
  };
  const paste = (event: ClipboardEvent, at: number) => {
    const pasted = event.clipboardData.getData("text");
    if (!/[\n\t]/.test(pasted.trim())) return;
    event.preventDefault();
    const isBlank = (drafts[at]?.name ?? "") === "";
    onChange([...drafts.slice(0, isBlank ? at : at + 1), ...draftsOf(pasted), ...drafts.slice(at + 1)]);
  };
  const isBlank = drafts.every(({ name, description }) => name === "" && description === "");
  return (
    <fieldset className="field">
      <legend>{sheet.scopes}</legend>
      <ul className="drafts" ref={list}>
        {drafts.map((draft, at) => (
          <DraftRow
            key={at}
            draft={draft}
            at={at}
            problem={problem(at)}
            onChange={(next) => onChange(drafts.with(at, next))}
            onPaste={(event) => paste(event, at)}
            onEnter={() => insert(at + 1, [EMPTY])}
            onRemove={() => {
              onChange(drafts.length === 1 ? [EMPTY] : drafts.toSpliced(at, 1));
              focus(Math.max(0, at - 1));
            }}
          />
        ))}
      </ul>
      <div className="actions">
        <Button size="compact" icon="plus" onPress={() => insert(drafts.length, [EMPTY])}>
          {sheet.add}
        </Button>
        {isBlank && (
          <Button
            size="compact"
            variant="quiet"
            onPress={() =>
              onChange([
                { name: "read", description: "" },
                { name: "write", description: "" },
              ])
            }
          >
            {sheet.readWrite}
          </Button>
        )}
      </div>
      <div className="help">{sheet.scopesHelp}</div>
    </fieldset>
  );
}
