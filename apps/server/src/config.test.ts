import { describe, expect, it } from "vitest";
import { ConfigFailure, parseConfig, settings, settingsTable } from "./config.ts";

const KEY = "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigFailure) return error.problems;
    throw error;
  }
  return [];
}

describe("parseConfig", () => {
  it("needs nothing on one machine", () => {
    const config = parseConfig({});
    expect(config).toMatchObject({ port: 8080, host: "127.0.0.1", origin: "http://localhost:8080", logLevel: "info" });
    expect(config.isProduction).toBe(false);
    expect(config.databaseUrl).toBeUndefined();
  });

  it("takes an empty variable for an unset one", () => {
    expect(parseConfig({ PORT: "", DATABASE_URL: "  " })).toMatchObject({ port: 8080, databaseUrl: undefined });
  });

  it("derives the origin from the port and drops a slash at the end", () => {
    expect(parseConfig({ PORT: "9000" }).origin).toBe("http://localhost:9000");
    expect(parseConfig({ PUBLIC_URL: "http://127.0.0.1:9000/" }).origin).toBe("http://127.0.0.1:9000");
  });

  it.each(["0", "65536", "80a", "-1", "8080.5"])("refuses the port %s with what to do", (port) => {
    expect(problemsOf({ PORT: port })).toEqual([expect.stringContaining("1 to 65535")]);
  });

  it.each([
    "id.example.com",
    "ftp://id.example.com",
    "https://id.example.com/auth",
    "https://a@b.example",
    "https://x/?q",
    "https://{tenant}.example.com",
  ])("refuses the origin %s", (url) => {
    expect(problemsOf({ PUBLIC_URL: url, MINTMARK_MASTER_KEY: KEY })).toEqual([expect.stringContaining("PUBLIC_URL")]);
  });

  it("refuses http and a missing key in production, both at once", () => {
    const problems = problemsOf({ PUBLIC_URL: "http://id.example.com" });
    expect(problems).toEqual([expect.stringContaining("https"), expect.stringContaining("MINTMARK_MASTER_KEY")]);
  });

  it("accepts production with https and a key", () => {
    expect(parseConfig({ PUBLIC_URL: "https://id.example.com", MINTMARK_MASTER_KEY: KEY }).isProduction).toBe(true);
  });

  it.each(["k1", "a".repeat(64), "changeme changeme changeme changeme!"])("refuses a guessable key", (key) => {
    const [problem] = problemsOf({ MINTMARK_MASTER_KEY: key });
    expect(problem).toContain("openssl rand");
    expect(problem).not.toContain(key);
  });

  it("never repeats a database password", () => {
    expect(problemsOf({ DATABASE_URL: "mysql://root:hunter2@db/x" }).join()).not.toContain("hunter2");
  });

  it("reads proxies as addresses and networks", () => {
    const { trustedProxies } = parseConfig({ TRUSTED_PROXIES: "10.0.0.7, fd00::/8" });
    expect(trustedProxies.check("10.0.0.7")).toBe(true);
    expect(trustedProxies.check("10.0.0.8")).toBe(false);
    expect(trustedProxies.check("fd12::1", "ipv6")).toBe(true);
    expect(problemsOf({ TRUSTED_PROXIES: "all" })).toHaveLength(1);
  });

  it("tells every problem at once", () => {
    expect(problemsOf({ PORT: "x", LOG_LEVEL: "loud", DATABASE_URL: "nowhere" })).toHaveLength(3);
  });
});

describe("settingsTable", () => {
  it("has a row for each setting", () => {
    for (const name of Object.keys(settings)) expect(settingsTable()).toContain(`| \`${name}\` |`);
  });
});
