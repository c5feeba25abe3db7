import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { text } from "../text.ts";
import { Checkbox } from "./choices.tsx";
import { EmptyState } from "./states.tsx";

export interface ScopeRow {
  id: string;
  name: string;
  description: string;
  /** What the server holds now; the grid's value is what the person wants. */
  granted: boolean;
  /** Whether it was ever used; absent where nobody knows. */
  used?: boolean;
  blocked?: boolean;
  /** Right of the words: when used, by whom granted. */
  aside?: ReactNode;
  /** Why this one may not be changed here. */
  lockedReason?: string;
}

export interface ScopeGroup {
  id: string;
  name: string;
  identifier: string;
  scopes: readonly ScopeRow[];
  /** In its head: until when all of it is granted. */
  aside?: ReactNode;
}

export interface ScopeGridProps {
  groups: readonly ScopeGroup[];
  /** Ids of the scopes wanted. */
  value: ReadonlySet<string>;
  onChange: (value: ReadonlySet<string>) => void;
  readOnly?: boolean;
  /** Nothing is granted yet: boxes to tick, without a word on what changes. */
  choosing?: boolean;
}

/** Square and full: granted, and used where that is known; hollow: never used; half: blocked; dot: not granted. */
function Mark({ scope }: { scope: ScopeRow }) {
  const [words, path] = !scope.granted
    ? [text.scopes.none, "M5 4a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"]
    : scope.blocked
      ? [text.scopes.blocked, "M1 1v8h8z"]
      : scope.used === false
        ? [text.scopes.unused, ""]
        : [scope.used ? text.scopes.used : text.scopes.held, "M1 1h8v8H1z"];
  return (
    <svg className="mark-shape" viewBox="0 0 10 10" role="img" aria-label={words}>
      {scope.granted && <rect x="1" y="1" width="8" height="8" fill="none" stroke="currentColor" strokeWidth="1.3" />}
      <path d={path} fill="currentColor" />
    </svg>
  );
}

/** Arrow keys move through all boxes of the grid, Home and End to its ends; Space ticks, as in any box. */
function move(event: KeyboardEvent, grid: HTMLElement | null): void {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -1e6, End: 1e6 };
  const step = steps[event.key];
  if (!grid || step === undefined) return;
  const boxes = [...grid.querySelectorAll<HTMLInputElement>("input:not(:disabled)")];
  const from = document.activeElement instanceof HTMLInputElement ? boxes.indexOf(document.activeElement) : -1;
  if (from < 0) return;
  event.preventDefault();
  boxes[Math.min(boxes.length - 1, Math.max(0, from + step))]?.focus();
}

function Row({
  scope,
  wanted,
  onChange,
  readOnly,
  choosing,
}: {
  scope: ScopeRow;
  wanted: boolean;
  onChange: (wanted: boolean) => void;
  readOnly: boolean;
  choosing: boolean;
}) {
  const changed = !choosing && wanted !== scope.granted;
  return (
    <div className={changed ? "scope changed" : "scope"}>
      <Checkbox
        checked={wanted}
        onChange={onChange}
        disabled={readOnly || scope.lockedReason !== undefined}
        aria-label={`${scope.name}, ${scope.description}`}
      />
      <span>
        {!choosing && <Mark scope={scope} />}
        <code>{scope.name}</code>
      </span>
      <span className="soft">{scope.lockedReason ?? scope.description}</span>
      <span className="small muted">
        {changed ? (wanted ? text.scopes.willAdd : text.scopes.willRemove) : scope.aside}
      </span>
    </div>
  );
}

/** Pure: how the box over an API stands. It ticks and unticks what may be changed, so it is ticked once all of that is. */
export function tickOf({ scopes }: Pick<ScopeGroup, "scopes">, value: ReadonlySet<string>): boolean | "mixed" {
  const free = scopes.filter(({ lockedReason }) => lockedReason === undefined);
  const counted = free.length > 0 ? free : scopes;
  if (counted.length > 0 && counted.every(({ id }) => value.has(id))) return true;
  return scopes.some(({ id }) => value.has(id)) ? "mixed" : false;
}

/** Which scopes of which APIs: one block per API, one row per scope. It only stages; saving is the page's affair. */
export function ScopeGrid({ groups, value, onChange, readOnly = false, choosing = false }: ScopeGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  if (groups.length === 0) return <EmptyState>{text.scopes.empty}</EmptyState>;
  const set = (ids: readonly string[], wanted: boolean) => {
    const next = new Set(value);
    for (const id of ids) wanted ? next.add(id) : next.delete(id);
    onChange(next);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys only help; each box works without them
    <div ref={grid} onKeyDown={(event) => move(event, grid.current)}>
      {groups.map((group) => {
        const free = group.scopes.filter((scope) => scope.lockedReason === undefined).map((scope) => scope.id);
        const chosen = group.scopes.filter((scope) => value.has(scope.id)).length;
        return (
          <section key={group.id} className="scopes" aria-label={group.name}>
            <div className="scopes-head">
              {!readOnly && (
                <Checkbox
                  checked={tickOf(group, value)}
                  onChange={(all) => set(free, all)}
                  disabled={free.length === 0}
                  aria-label={text.scopes.all(group.name)}
                />
              )}
              <h3>{group.name}</h3>
              <code className="muted grow">{group.identifier}</code>
              {group.aside}
              <span className="small muted num">
                {(choosing ? text.scopes.chosen : text.scopes.granted)(chosen, group.scopes.length)}
              </span>
            </div>
            {group.scopes.map((scope) => (
              <Row
                key={scope.id}
                scope={scope}
                wanted={value.has(scope.id)}
                readOnly={readOnly}
                choosing={choosing}
                onChange={(wanted) => set([scope.id], wanted)}
              />
            ))}
          </section>
        );
      })}
    </div>
  );
}
