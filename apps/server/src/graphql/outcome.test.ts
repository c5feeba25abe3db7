import { Refusal } from "@mintmark/domain";
import { GraphQLError } from "graphql";
import { describe, expect, it, vi } from "vitest";
import type { Log } from "../log.ts";
import { outcomeOf, topLevelError } from "./outcome.ts";

const log = { error: vi.fn(), warn: vi.fn() } as unknown as Log;
const top = (error: unknown) => topLevelError(error, "req_1", log);

describe("outcomeOf", () => {
  it("turns a refusal into user errors with path and fix", async () => {
    const outcome = await outcomeOf(() => {
      throw new Refusal({ code: "NOT_FOUND", noun: "client", id: "cli_x", path: ["clientId"] });
    }, false);
    expect(outcome.id).toBeUndefined();
    expect(outcome.userErrors).toEqual([
      { code: "NOT_FOUND", message: expect.any(String), fix: expect.any(String), path: ["clientId"] },
    ]);
  });

  it("says that a replayed secret is not shown again, and only then", async () => {
    const replay = () => Promise.resolve({ id: "sec_1", secret: undefined, replayed: true });
    expect((await outcomeOf(replay, true)).userErrors).toMatchObject([{ code: "ALREADY_SHOWN", path: [] }]);
    expect(await outcomeOf(replay, false)).toEqual({ id: "sec_1", secret: undefined, userErrors: [] });
  });

  it("lets everything unexpected through to be masked", async () => {
    await expect(outcomeOf(() => Promise.reject(new Error("x")), false)).rejects.toThrow("x");
  });
});

describe("topLevelError", () => {
  it("masks what nobody foresaw, with the correlation id", () => {
    const error = top(new GraphQLError("boom secret", { originalError: new Error("boom secret"), path: ["viewer"] }));
    expect(JSON.stringify(error)).not.toContain("boom");
    expect(error).toMatchObject({ path: ["viewer"], extensions: { code: "INTERNAL", correlationId: "req_1" } });
    expect(error.originalError).toBeUndefined();
  });

  it("is UNAVAILABLE and 503 when the database is away", () => {
    const away = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(top(away).extensions).toMatchObject({ code: "UNAVAILABLE", http: { status: 503 } });
  });

  it("names a refused read's code and fix", () => {
    const refusal = new Refusal({ code: "FORBIDDEN", permission: "tenant:read", askRole: "operator" });
    expect(top(refusal).extensions).toMatchObject({ code: "FORBIDDEN", fix: expect.stringContaining("operator") });
  });

  it("keeps what graphql says about a document", () => {
    expect(top(new GraphQLError("Cannot query field")).message).toBe("Cannot query field");
  });
});
