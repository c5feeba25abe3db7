import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { words } from "./text.ts";
import type { Tail } from "./use-tail.ts";

const { live } = words;
const id = "live-switch";

/** Turns following on and off; it stands in the address. */
export function LiveSwitch({ state }: { state: Tail<unknown>["state"] }) {
  const navigate = useNavigate();
  const isOn = state !== "off";
  const toggle = () =>
    void navigate({ to: ".", search: (all) => ({ ...all, live: isOn ? undefined : "on" }), replace: true });
  useShortcuts({ l: toggle });
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== state && state !== "connecting") announce(live.states[state]);
    before.current = state;
  }, [state]);
  const look = state === "live" ? "live" : state === "off" || state === "connecting" ? "live waiting" : "live away";
  return (
    <span id={id} className="live-switch">
      <Button pressed={isOn} onPress={toggle} shortcut="L">
        <span className={look}>{live.title}</span>
      </Button>
      {(state === "away" || state === "refused") && <span className="small">{live.states[state]}</span>}
    </span>
  );
}

/** What came while the reader was in the list; a press shows it. */
export function Waiting({ tail: { waiting, show } }: { tail: Tail<unknown> }) {
  if (waiting.length === 0) return null;
  const press = () => {
    show();
    // It goes with its press: the focus stays in the page.
    document.getElementById(id)?.querySelector("button")?.focus({ preventScroll: true });
  };
  return (
    <div className="live-new">
      <Button size="compact" variant="primary" onPress={press}>
        {live.waiting(waiting.length)}
      </Button>
    </div>
  );
}
