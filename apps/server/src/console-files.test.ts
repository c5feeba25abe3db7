import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConsole } from "./console-files.ts";

const folder = mkdtempSync(join(tmpdir(), "mintmark-console-"));
beforeAll(() => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), '<!doctype html><html lang="en">');
  writeFileSync(join(folder, "assets/main-abc.js"), "export {};");
  writeFileSync(join(folder, "assets/main-abc.js.br"), "by brotli");
  writeFileSync(join(folder, "assets/main-abc.js.gz"), "by gzip");
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

test.each([
  ["gzip, deflate, br, zstd", "br", "by brotli"],
  ["GZIP;q=0.5", "gzip", "by gzip"],
  ["br;q=0, gzip;q=0.0, *", null, "export {};"],
  ["brotli, x-gzip", null, "export {};"],
  [undefined, null, "export {};"],
])("Accept-Encoding %j → the copy that the build packed as %j", async (encodings, encoding, body) => {
  const answer = readConsole(folder)("assets/main-abc.js", { encodings });
  expect(answer.headers.get("content-encoding")).toBe(encoding);
  expect(answer.headers.get("vary")).toBe("Accept-Encoding");
  expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(await answer.text()).toBe(body);
});

test.each(["assets/main-abc.js.br", "assets/main-abc.js.gz"])("the packed copy %s itself → 404", (path) => {
  expect(readConsole(folder)(path).status).toBe(404);
});

test.each([
  ["theme=dark", '<html data-theme="dark" lang="en">'],
  ["a=b; theme=light; c=d", '<html data-theme="light" lang="en">'],
  ['theme=dark"><script>', '<html lang="en">'],
  ["mytheme=dark", '<html lang="en">'],
  [undefined, '<html lang="en">'],
])("the cookies %j → the page begins with %s", async (cookies, start) => {
  for (const path of ["", "index.html", "t/acme"])
    expect(await readConsole(folder)(path, { cookies }).text()).toBe(`<!doctype html>${start}`);
});

test("an asset that is not there → 404, so that an old page does not run a page as a script", () => {
  expect(readConsole(folder)("assets/gone.js").status).toBe(404);
});

test("no built console → 404 with what to do", async () => {
  const answer = readConsole(join(folder, "none-built"))("");
  expect(answer.status).toBe(404);
});
