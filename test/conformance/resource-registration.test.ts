import { beforeAll, describe, expect, test } from "vitest";
import { askToken, decodeJwt } from "../support/token.ts";
import { type StoryWorkspace, setGrant, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let workspace: StoryWorkspace;
beforeAll(async () => {
  workspace = await world.tenant().workspace().resource("orders", ["read"], "https://api.example.com/orders").ready();
});

const register = (identifier: string, of = workspace) =>
  of.admin.mutate("createResource", { workspaceId: of.id, name: "A name", identifier }, "resource { id identifier }");

describe("[A1] a resource identifier (RFC 8707 §2)", () => {
  test.each([
    "https://api.example.com",
    "https://api.example.com/orders/",
    "https://api.example.com/orders?version=2",
    "http://10.0.0.1:8080/a",
    "urn:example:orders",
    "api://orders",
    "spiffe://example.org/orders",
  ])("%s → registered as it stands, and it becomes aud", async (identifier) => {
    expect(await register(identifier)).toMatchObject({ resource: { identifier }, userErrors: [] });
  });

  test.each([
    ["relative", "/orders"],
    ["a bare word", "orders"],
    ["with a fragment", "https://api.example.com/#orders"],
    ["with an empty fragment", "https://api.example.com/#"],
    ["a scheme alone", "https:"],
    ["with a space", "https://api.example.com/a b"],
    ["with a control character", "https://api.example.com/\u0001"],
    ["with a letter outside ASCII", "https://api.example.com/ö"],
    ["with a quotation mark", 'https://api.example.com/"'],
    ["with a broken escape", "https://api.example.com/%zz"],
    ["over 512 characters", `https://api.example.com/${"x".repeat(500)}`],
    ["empty", ""],
  ])("%s → refused with the member it is about and what to do", async (_condition, identifier) => {
    const { resource, userErrors } = await register(identifier);
    expect(resource).toBeNull();
    const fix = expect.stringMatching(/\w/);
    expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["identifier"], fix }]);
  });

  test("registered twice in a workspace → refused; in another workspace → fine", async () => {
    const identifier = "https://twice.example.com/";
    expect((await register(identifier)).userErrors).toEqual([]);
    expect((await register(identifier)).userErrors).toMatchObject([{ code: "ALREADY_EXISTS" }]);
    const other = await world.tenant().workspace().ready();
    expect((await register(identifier, other)).userErrors).toEqual([]);
  });

  test("a rename → the name changes, the identifier stays; no input can change it", async () => {
    const { id, identifier } = workspace.resource("orders");
    const renamed = await workspace.admin.must(
      "updateResource",
      { id, name: "Renamed" },
      "resource { name identifier }",
    );
    expect(renamed["resource"]).toEqual({ name: "Renamed", identifier });
    const change = workspace.admin.mutate(
      "updateResource",
      { id, identifier: "https://x.example/" },
      "resource { id }",
    );
    await expect(change).rejects.toThrow(/identifier/);
    const client = await workspace.addClient();
    expect(decodeJwt(expectToken(await askToken(client)).access_token).claims["aud"]).toBe(identifier);
  });
});

describe("[A1] its scopes", () => {
  test("added later → may be granted and asked for; deleted → no longer, though the grant still names it", async () => {
    const resource = await workspace.addResource("later", ["one"]);
    const input = { resourceId: resource.id, name: "two" };
    const { scope } = await workspace.admin.must("createScope", input, "scope { id }");
    const client = await workspace.addClient({ grants: { later: ["one", "two"] } });
    expect(expectToken(await askToken(client)).scope).toBe("one two");
    await workspace.admin.must("deleteScope", { id: (scope as { id: string }).id }, "deletedScopeId");
    expect(expectToken(await askToken(client)).scope).toBe("one");
    expectRefusal(await askToken(client, { scope: "two" }), 400, "invalid_scope");
  });

  test("of the same name at two resources → two scopes: the grant of one is none of the other", async () => {
    await workspace.addResource("left", ["same"]);
    const right = await workspace.addResource("right", ["same"]);
    const client = await workspace.addClient({ grants: { left: ["same"] } });
    expectRefusal(await askToken(client, { resource: right.identifier, scope: "same" }), 400, "invalid_target");
  });

  test("a scope of another resource in a grant → refused", async () => {
    await workspace.addResource("here", ["here:read"]);
    await workspace.addResource("there", ["there:read"]);
    const client = await workspace.addClient({ grants: {} });
    await expect(setGrant(workspace, client.id, "here", ["there:read"])).rejects.toThrow(/there:read|scopes/);
  });
});

describe("[A2] one client per backend", () => {
  test("two clients of one workspace → each has only what was granted to it, under its own id", async () => {
    await workspace.addResource("shared", ["read", "write"]);
    const reader = await workspace.addClient({ grants: { shared: ["read"] } });
    const writer = await workspace.addClient({ grants: { shared: ["write"] } });
    expect(reader.clientId).not.toBe(writer.clientId);
    expect(expectToken(await askToken(reader)).scope).toBe("read");
    expect(expectToken(await askToken(writer)).scope).toBe("write");
    expectRefusal(await askToken(reader, { scope: "write" }), 400, "invalid_scope");
  });
});
