import { describe, expect, test } from "vitest";
import { defaultSettings, effectiveSettings, settingInputs, updatedSettings } from "./settings.ts";
import { settingsHere } from "./settings-here.ts";

describe("a setting at one level", () => {
  test("says what counts, what the level says itself, and what it would inherit", () => {
    const { accessTokenLifetime, clientTokenLimit, jwksMaxAge } = settingsHere({
      installation: { accessTokenLifetime: 1800 },
      tenant: {},
      workspace: { accessTokenLifetime: 7200, clientTokenLimit: 60 },
    });
    expect(accessTokenLifetime).toEqual({
      value: 1800,
      level: "installation",
      own: 7200,
      inherited: { value: 1800, level: "installation" },
    });
    expect(clientTokenLimit).toEqual({
      value: 60,
      level: "workspace",
      own: 60,
      inherited: { value: null, level: "default" },
    });
    expect(jwksMaxAge).toEqual({
      value: 300,
      level: "default",
      own: null,
      inherited: { value: 300, level: "default" },
    });
  });
});

describe("effective settings", () => {
  test("are the defaults where no level says anything", () => {
    for (const [name, { value, level }] of Object.entries(effectiveSettings({}))) {
      expect([name, value, level]).toEqual([name, defaultSettings[name as keyof typeof defaultSettings], "default"]);
    }
  });

  test("a level may go beyond the default where no wider level speaks", () => {
    const settings = effectiveSettings({ workspace: { accessTokenLifetime: 3600 } });
    expect(settings.accessTokenLifetime).toEqual({ value: 3600, level: "workspace" });
  });

  test("the shortest lifetime wins, and names the level that said it", () => {
    const wide = { installation: { accessTokenLifetime: 1800 }, workspace: { accessTokenLifetime: 600 } };
    expect(effectiveSettings(wide).accessTokenLifetime).toEqual({ value: 600, level: "workspace" });
    const longer = { ...wide, client: { accessTokenLifetime: 7200 } };
    expect(effectiveSettings(longer).accessTokenLifetime).toEqual({ value: 600, level: "workspace" });
  });

  test("the least limit and the shortest life of a secret win", () => {
    const settings = effectiveSettings({
      tenant: { clientSecretLimit: 3, clientSecretLifetime: 90 },
      client: { clientSecretLimit: 5, clientSecretLifetime: 30 },
    });
    expect(settings.clientSecretLimit).toEqual({ value: 3, level: "tenant" });
    expect(settings.clientSecretLifetime).toEqual({ value: 30, level: "client" });
  });

  test("only authentication methods that every level allows remain", () => {
    const both = ["client_secret_basic", "client_secret_post"] as const;
    const settings = effectiveSettings({
      installation: { clientAuthenticationMethods: both },
      tenant: { clientAuthenticationMethods: ["client_secret_basic"] },
      client: { clientAuthenticationMethods: both },
    });
    expect(settings.clientAuthenticationMethods).toEqual({ value: ["client_secret_basic"], level: "tenant" });
    const disjoint = effectiveSettings({
      tenant: { clientAuthenticationMethods: ["client_secret_basic"] },
      client: { clientAuthenticationMethods: ["client_secret_post"] },
    });
    expect(disjoint.clientAuthenticationMethods).toEqual({ value: [], level: "client" });
  });

  test("a database that is away stops a workspace where any level says so", () => {
    const away = (installation: "continue" | "stop", workspace: "continue" | "stop") =>
      effectiveSettings({
        installation: { whenDatabaseAway: installation },
        workspace: { whenDatabaseAway: workspace },
      }).whenDatabaseAway;
    expect(away("stop", "continue")).toEqual({ value: "stop", level: "installation" });
    expect(away("continue", "stop")).toEqual({ value: "stop", level: "workspace" });
  });

  test("issuing is stopped where any level says so", () => {
    const stopped = effectiveSettings({ tenant: { issuance: "stopped" }, workspace: { issuance: "active" } });
    expect(stopped.issuance).toEqual({ value: "stopped", level: "tenant" });
    const here = effectiveSettings({ tenant: { issuance: "active" }, workspace: { issuance: "stopped" } });
    expect(here.issuance).toEqual({ value: "stopped", level: "workspace" });
  });

  test("the least token limit wins, and none is no limit", () => {
    const settings = effectiveSettings({ tenant: { clientTokenLimit: 60 }, client: { clientTokenLimit: 600 } });
    expect(settings.clientTokenLimit).toEqual({ value: 60, level: "tenant" });
    expect(settings.workspaceTokenLimit).toEqual({ value: null, level: "default" });
  });

  test("the nearest algorithm and the nearest max-age win, stricter or not", () => {
    const settings = effectiveSettings({
      installation: { signingAlgorithm: "RS256", jwksMaxAge: 60 },
      workspace: { signingAlgorithm: "EdDSA", jwksMaxAge: 600 },
    });
    expect(settings.signingAlgorithm).toEqual({ value: "EdDSA", level: "workspace" });
    expect(settings.jwksMaxAge).toEqual({ value: 600, level: "workspace" });
    const same = effectiveSettings({ tenant: { jwksMaxAge: 60 }, workspace: { jwksMaxAge: 60 } });
    expect(same.jwksMaxAge.level).toBe("workspace");
  });
});

describe("an update of settings", () => {
  test("leaves out what it does not name, and takes back what it names as null", () => {
    const own = { accessTokenLifetime: 600, clientSecretLimit: 3 };
    expect(updatedSettings(own, { accessTokenLifetime: undefined, clientSecretLimit: null, jwksMaxAge: 5 })).toEqual({
      accessTokenLifetime: 600,
      jwksMaxAge: 5,
    });
  });

  test.each([
    ["accessTokenLifetime", [60, 86_400], [59, 86_401, 900.5, "900"]],
    ["clientSecretLimit", [1, 50], [0, 51]],
    ["clientSecretLifetime", [1, 3650], [0, 3651]],
    ["clientKeyLifetime", [1, 3650], [0, 3651]],
    ["jwksMaxAge", [1, 3600], [0, 3601]],
    ["signingKeyLifetime", [1, 3650], [0, 3651]],
    ["maxStale", [30, 86_400], [29, 86_401]],
    ["issuance", ["active", "stopped"], ["", "suspended"]],
    ["whenDatabaseAway", ["continue", "stop"], ["", "ignore"]],
    ["tokenLogRetention", [1, 3650], [0, 3651]],
    ["auditRetention", [30, 3650], [29, 3651]],
    ["clientTokenLimit", [1, 1_000_000], [0, 1_000_001]],
    ["workspaceTokenLimit", [1, 10_000_000], [0, 10_000_001]],
  ] as const)("takes %s only inside its bounds", (name, good, bad) => {
    for (const value of good) expect(settingInputs[name].safeParse(value).success).toBe(true);
    for (const value of bad) expect(settingInputs[name].safeParse(value).success).toBe(false);
  });

  test("keeps methods once, in one order, and refuses an empty or unknown list", () => {
    const parse = (value: unknown) => settingInputs.clientAuthenticationMethods.safeParse(value);
    expect(parse(["client_secret_post", "client_secret_basic", "client_secret_post"]).data).toEqual([
      "client_secret_basic",
      "client_secret_post",
    ]);
    expect(parse([]).success).toBe(false);
    expect(parse(["none"]).success).toBe(false);
  });
});
