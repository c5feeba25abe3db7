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

  it.each([
    "https://{tenant}.eu.example.com/",
    "https://{TENANT}.EU.example.com:443",
    "https://id.{tenant}.example.com",
  ])("takes the template %s, as issuers will begin", (template) => {
    const { originTemplate, isProduction } = parseConfig({
      ORIGIN_TEMPLATE: template,
      PUBLIC_URL: "https://id.example.com",
      MINTMARK_MASTER_KEY: KEY,
    });
    expect(originTemplate).toMatch(/^https:\/\/(id\.)?\{tenant\}(\.eu)?\.example\.com$/);
    expect(isProduction).toBe(true);
  });

  it.each([
    "https://id.example.com",
    "https://{tenant}",
    "https://{tenant}-id.example.com",
    "https://{tenant}.{region}.example.com",
    "https://{tenant}.{tenant}.example.com",
    "https://id.example.com/{tenant}",
    "https://{tenant}.example.com/auth",
    "https://a@{tenant}.example.com",
    "{tenant}.example.com",
  ])("refuses the template %s", (template) => {
    const env = { ORIGIN_TEMPLATE: template, PUBLIC_URL: "https://id.example.com", MINTMARK_MASTER_KEY: KEY };
    expect(problemsOf(env)).toEqual([expect.stringContaining("https://{tenant}.eu.example.com")]);
  });

  it("is in production where issuers are, and refuses http there, also for the console", () => {
    const problems = problemsOf({ ORIGIN_TEMPLATE: "http://{tenant}.example.com", MINTMARK_MASTER_KEY: KEY });
    expect(problems).toEqual([expect.stringContaining("ORIGIN_TEMPLATE"), expect.stringContaining("PUBLIC_URL")]);
    expect(parseConfig({ ORIGIN_TEMPLATE: "http://{tenant}.localhost:8080" }).isProduction).toBe(false);
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

describe("mail", () => {
  const from = { MAIL_FROM: "mintmark@example.com" };

  it("is off by default", () => {
    expect(parseConfig({}).mail).toBeUndefined();
    expect(parseConfig(from).mail).toBeUndefined();
  });

  it("needs TLS everywhere but on this machine", () => {
    const mailOf = (url: string) => parseConfig({ ...from, SMTP_URL: url }).mail;
    expect(mailOf("smtp://mint:p%40ss@smtp.example.com")).toEqual({
      host: "smtp.example.com",
      port: 587,
      tls: "starttls",
      credentials: { user: "mint", pass: "p@ss" },
      from: "mintmark@example.com",
    });
    expect(mailOf("smtps://smtp.example.com")).toMatchObject({
      port: 465,
      tls: "from-the-start",
      credentials: undefined,
    });
    expect(mailOf("smtp://localhost:1025")).toMatchObject({ port: 1025, tls: "none" });
    expect(mailOf("smtp://[::1]:1025")).toMatchObject({ host: "::1", tls: "none" });
    expect(mailOf("smtp://localhost.example.com")).toMatchObject({ tls: "starttls" });
  });

  it.each([
    "smtp.example.com:587",
    "http://smtp.example.com",
    "smtp://u:hunter2@smtp.example.com/path",
    "smtp://u:hunter2@smtp.example.com?tls=no",
    "smtp://hunter2@smtp.example.com",
    "smtp://u:hunter2%zz@smtp.example.com",
    "smtp://u:hunter2@",
  ])("refuses the server %s without repeating it", (url) => {
    const problems = problemsOf({ ...from, SMTP_URL: url });
    expect(problems).toEqual([expect.stringContaining("SMTP_URL")]);
    expect(problems.join()).not.toContain("hunter2");
  });

  it.each([undefined, "mintmark", "Mintmark <mint@example.com>", "a@b.example, c@d.example"])(
    "refuses to send mail from %s",
    (address) => {
      const given = { SMTP_URL: "smtp://localhost:1025", ...(address && { MAIL_FROM: address }) };
      expect(problemsOf(given)).toEqual([expect.stringContaining("MAIL_FROM")]);
    },
  );
});
