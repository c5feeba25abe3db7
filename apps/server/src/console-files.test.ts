import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConsole } from "./console-files.ts";

const folder = mkdtempSync(join(tmpdir(), "mintmark-console-"));
beforeAll(() => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "assets/main-abc.js"), "export {};");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a hashed asset → its type, and kept for good", async () => {
  const answer = readConsole(folder)("assets/main-abc.js");
  expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(answer.headers.get("cache-control")).toContain("immutable");
  expect(await answer.text()).toBe("export {};");
});

test.each(["", "sign-in", "t/acme/w/main/clients", "../package.json", "index.html/"])(
  "the path %j → the console's page, never kept, under its policy",
  (path) => {
    const answer = readConsole(folder)(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
  },
);

test("an asset that is not there → 404, so that an old page does not run a page as a script", () => {
  expect(readConsole(folder)("assets/gone.js").status).toBe(404);
});

test("no built console → 404 with what to do", async () => {
  const answer = readConsole(join(folder, "none-built"))("");
  expect(answer.status).toBe(404);
});
