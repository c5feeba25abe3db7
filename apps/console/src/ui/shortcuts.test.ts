import { expect, test, vi } from "vitest";

vi.mock("../preferences.ts", () => ({ preferences: () => ({ singleKeys: "on" }) }));
vi.mock("./layer.tsx", () => ({ onTop: () => "page" }));
const { keyOf } = await import("./shortcuts.ts");

const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

test.each([
  [{ key: "k", metaKey: true }, "mod+k"],
  [{ key: "K", ctrlKey: true }, "mod+k"],
  [{ key: "O", ctrlKey: true, shiftKey: true }, "mod+shift+o"],
  [{ key: "C" }, "c"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: "Enter", metaKey: true }, "mod+Enter"],
  [{ key: "ArrowUp", altKey: true }, "alt+ArrowUp"],
])("%o is named %s", (event, name) => expect(keyOf({ ...none, ...event })).toBe(name));
