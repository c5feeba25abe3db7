import { useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { TypedDocumentNode } from "urql";
import { listen, type StreamState } from "../../server/live-stream.ts";
import { announce } from "../../ui/announce.tsx";
import { useIsHidden } from "../../ui/use-hidden.ts";
import { NO_ROWS, type TailRows, withTold } from "./tail-rows.ts";
import { words } from "./text.ts";

/** What a tail tells at once. */
interface Told<Row> {
  readonly entries: readonly Row[];
  readonly cursor: string;
  readonly isWhole: boolean;
}

/** Which log is followed, and how what it tells is read. */
export interface Tailing<Row, Data, Variables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: (after: string | null) => Variables;
  readonly told: (data: Data) => Told<Row>;
}

/** A log that is followed. */
export interface Tail<Row> extends TailRows<Row> {
  readonly state: StreamState | "off";
  /** Shows what waits. */
  readonly show: () => void;
}

const SAY_EACH_MS = 10_000;
/** Pixels of scrolling from which the reader counts as reading further down. */
const NEAR_TOP = 120;

/** Whether a finger or a mouse button is down: whoever selects must not lose the row under it. */
function usePointerDown() {
  const isDown = useRef(false);
  useEffect(() => {
    const down = () => {
      isDown.current = true;
    };
    const up = () => {
      isDown.current = false;
    };
    const leaving = ["pointerup", "pointercancel", "blur"] as const;
    window.addEventListener("pointerdown", down, true);
    for (const name of leaving) window.addEventListener(name, up, true);
    return () => {
      window.removeEventListener("pointerdown", down, true);
      for (const name of leaving) window.removeEventListener(name, up, true);
    };
  }, []);
  return isDown;
}

/** The reader is somewhere in the list: further down, in a row, with something selected. */
const isReading = (): boolean =>
  window.scrollY > NEAR_TOP ||
  document.activeElement?.closest(".table-body") != null ||
  document.querySelector("dialog[open]") !== null ||
  getSelection()?.isCollapsed === false;

/**
 * Follows a log while it is on and its tab is seen. After a pause it goes on from where it was, so that no row is lost.
 *
 * @param key names the view: another one begins anew
 * @param onAnew the list is to be read anew: what was told does not join it
 */
export function useTail<Row, Data, Variables extends object>(
  isOn: boolean,
  key: string,
  tailing: Tailing<Row, Data, Variables>,
  onAnew: () => void,
): Tail<Row> {
  const { tenant = "" } = useParams({ strict: false });
  const [state, setState] = useState<StreamState>("connecting");
  const [kept, setKept] = useState<{ readonly key: string; readonly rows: TailRows<Row> }>({ key, rows: NO_ROWS });
  const cursor = useRef<{ readonly key: string; readonly after: string | null }>({ key, after: null });
  const isDown = usePointerDown();
  const latest = useRef({ tailing, onAnew });
  latest.current = { tailing, onAnew };
  const isHidden = useIsHidden();
  const isHeard = isOn && !isHidden;

  useEffect(() => {
    if (!isHeard) return;
    let unsaid = 0;
    const say = setInterval(() => {
      if (unsaid > 0) announce(words.live.said(unsaid));
      unsaid = 0;
    }, SAY_EACH_MS);
    if (cursor.current.key !== key) cursor.current = { key, after: null };
    const stop = listen(
      tenant,
      {
        document: latest.current.tailing.document,
        variables: () => latest.current.tailing.variables(cursor.current.after),
      },
      {
        state: setState,
        data(data) {
          const { entries, cursor: after, isWhole } = latest.current.tailing.told(data);
          // Between the list and the first cursor something may have happened.
          if (cursor.current.after === null || !isWhole) latest.current.onAnew();
          cursor.current = { key, after };
          unsaid += entries.length;
          const isHeld = isDown.current || isReading();
          setKept(({ key: before, rows }) => {
            const old = before === key && isWhole ? rows : NO_ROWS;
            const isSame = before === key && entries.length === 0 && (isHeld || old.waiting.length === 0);
            return isSame && isWhole ? { key, rows } : { key, rows: withTold(old, entries, isHeld) };
          });
        },
      },
    );
    return () => {
      clearInterval(say);
      stop();
    };
  }, [isHeard, key, tenant, isDown]);

  const show = useCallback(() => {
    window.scrollTo({ top: 0 });
    setKept(({ key, rows }) => ({ key, rows: withTold(rows, [], false) }));
  }, []);
  return { ...(kept.key === key ? kept.rows : NO_ROWS), state: isOn ? state : "off", show };
}
