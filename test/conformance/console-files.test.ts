import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";

const world = useWorld();

test("the console's pages → a strict policy, no cookie; / and /console → /console/", async () => {
  for (const path of ["/", "/console"]) {
    const answer = await fetch(`${world.origin}${path}`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/console/"]);
  }
  for (const path of ["/console/", "/console/t/root", "/console/assets/none.js"]) {
    const { headers } = await fetch(`${world.origin}${path}`);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("set-cookie")).toBeNull();
  }
});
