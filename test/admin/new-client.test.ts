import { beforeAll, describe, expect, test } from "vitest";
import { fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";
import { fresh, makePlace, type Place } from "./place.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
let place: Place;
let admin: OwnWorkspace;
let owner: Caller;

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  place = await makePlace(tenant);
  admin = await ownWorkspace(tenant, "admin");
  owner = await callerOf(world, tenant.adminClient);
}, 60_000);

const base = () => ({ workspaceId: place.workspaceId, name: fresh("client") });

interface Refused {
  readonly code: string;
  readonly path: readonly string[];
}

/** The refusal of a call that must leave nothing behind. */
async function refusal(caller: Caller, input: object): Promise<Refused> {
  const before = await rows.versions();
  const answer = await caller.call("createClient", input);
  expect(changedByRefusal(changedPlaces(before, await rows.versions()), place.tenant.id)).toEqual([]);
  const { data } = answer.json() as { data: { createClient: { client: null; userErrors: Refused[] } } };
  expect(data.createClient.client).toBeNull();
  const [first] = data.createClient.userErrors;
  if (!first) throw new Error(`it was not refused: ${answer.body}`);
  return { code: first.code, path: first.path };
}

describe("[S3] a client with its access and first secret, in one act", () => {
  test("gets a token at once, for what it was granted and as long as was said", async () => {
    const resourceId = await place.resource();
    const input = {
      ...base(),
      accessTokenLifetime: 120,
      grants: [{ resourceId, scopes: ["a:read"] }],
      secret: { expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    };
    const made = await place.owner.must("createClient", input, "secret client { clientId grants { scopes } }");
    const { clientId, grants } = made["client"] as { clientId: string; grants: { scopes: string[] }[] };
    expect(grants).toEqual([{ scopes: ["a:read"] }]);
    const tokenEndpoint = `${place.issuer}/oauth2/token`;
    const token = await fetchToken({ tokenEndpoint, clientId, clientSecret: String(made["secret"]) });
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, number>;
    expect([claims["scope"], Number(claims["exp"]) - Number(claims["iat"])]).toEqual(["a:read", 120]);
  });

  test("without a secret it can be repeated, and nothing is said to have been shown", async () => {
    const input = { ...base(), clientMutationId: fresh("call") };
    expect(outcomeOf(await owner.call("createClient", input), "createClient")).toBe("done");
    expect(outcomeOf(await owner.call("createClient", input), "createClient")).toBe("done");
  });

  test("where a part is refused there is no client either, and the refusal says which part", async () => {
    const resourceId = await place.resource();
    const good = { resourceId, scopes: ["a:read"] };
    const wrong = [
      [
        { grants: [good, { resourceId: "res_000000000000Aa", scopes: [] }] },
        "NOT_FOUND",
        ["grants", "1", "resourceId"],
      ],
      [{ grants: [{ resourceId, scopes: ["a:read", "b"] }] }, "NOT_FOUND", ["grants", "0", "scopes", "1"]],
      [{ grants: [good, good] }, "INVALID_INPUT", ["grants"]],
      [{ grants: [good], secret: { expiresAt: "2020-01-01T00:00:00Z" } }, "INVALID_INPUT", ["secret", "expiresAt"]],
      [{ grants: [good], accessTokenLifetime: 59 }, "INVALID_INPUT", ["accessTokenLifetime"]],
    ] as const;
    for (const [part, code, path] of wrong)
      expect(await refusal(owner, { ...base(), ...part })).toEqual({ code, path: [...path] });
  });

  test("a workspace's ceiling for secrets holds, and takes the client with it", async () => {
    const strict = await makePlace(place.tenant);
    const setting = { workspaceId: strict.workspaceId, clientSecretLifetime: 30 };
    await place.owner.must("updateWorkspaceSettings", setting, "__typename");
    const input = { workspaceId: strict.workspaceId, name: "New" };
    for (const expiresAt of [null, new Date(Date.now() + 31 * 86_400_000).toISOString()])
      expect(await refusal(owner, { ...input, secret: { expiresAt } })).toEqual({
        code: "INVALID_INPUT",
        path: ["secret", "expiresAt"],
      });
  });

  test("[S13] each part needs its own permission", async () => {
    const resourceId = await place.resource();
    const grants = [{ resourceId, scopes: ["a:read"] }];
    const may = ["client:write", "resource:read"];
    const clientsOnly = await newCaller(world, admin, { grants: may });
    expect(outcomeOf(await clientsOnly.call("createClient", base()), "createClient")).toBe("done");
    expect((await refusal(clientsOnly, { ...base(), grants })).code).toBe("FORBIDDEN");
    expect((await refusal(clientsOnly, { ...base(), secret: {} })).code).toBe("FORBIDDEN");
    const granter = await newCaller(world, admin, { grants: [...may, "client-grant:write"] });
    expect(outcomeOf(await granter.call("createClient", { ...base(), grants }), "createClient")).toBe("done");
    expect((await refusal(granter, { ...base(), grants, secret: {} })).code).toBe("FORBIDDEN");
  });

  test("[S13] nobody makes a client that holds more than they do", async () => {
    const inside = await newCaller(world, admin, { role: "developer", at: [admin.place.workspaceId] });
    const input = { workspaceId: admin.place.workspaceId, name: "New", secret: {} };
    const grants = [{ resourceId: admin.apiId, scopes: ["workspace:delete"] }];
    expect((await refusal(inside, { ...input, grants })).code).toBe("MORE_THAN_HELD");
    expect(outcomeOf(await inside.call("createClient", input), "createClient")).toBe("done");
  });
});
