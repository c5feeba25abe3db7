import { expect, test } from "vitest";
import { shortScope } from "./token-uses.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `scope-${String(at).padStart(24, "0")}`);

test("a scope of kilobytes → as many whole names as fit, and that there are more; a short one stays as it is", () => {
  const all = names(200);
  const kept = shortScope(all.join(" "));
  expect(kept.length).toBeLessThanOrEqual(500);
  expect(kept.split(" ").at(-1)).toBe("…");
  expect(all.join(" ").startsWith(kept.slice(0, -2))).toBe(true);
  expect(all).toContain(kept.split(" ").at(-2));
  expect(shortScope("orders:read orders:write")).toBe("orders:read orders:write");
});
