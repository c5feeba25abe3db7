import { beforeAll, describe, expect, test } from "vitest";
import {
  builtInRoles,
  isPermission,
  ownApiScopes,
  type Permission,
  permissions,
} from "../../packages/domain/src/authority/permission.ts";
import { tokenHeader } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import { type MemberRole, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { inThisRun } from "../support/sample.ts";
import { bearer, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { assign, newAccess, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";
import { fresh } from "./place.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

// Who may pass on which scope, by which act, however they come in: from the declarations of `permission.ts`, so that a new
// permission has its cells without being named here.
const world = useWorld();
const rows = useRows(world);
const stage = useTenancyStage(world);

/** How a power comes in: the same one, by whatever it is held. */
const carriers = ["client", "API token", "person", "personal token", "own client"] as const;
type Carrier = (typeof carriers)[number];
/** What has its power from a person and is not that person does nothing that wants the person. */
const standsIn: readonly Carrier[] = ["personal token", "own client"];
const ofPersons: readonly Carrier[] = ["person", ...standsIn];

/** An owner's power, narrowed by the token to what the acts need. */
const narrow: readonly Permission[] = [
  "api-token:write",
  "assignment:write",
  "client-grant:write",
  "client-secret:write",
  "client:write",
  "invitation:write",
  "member:write",
  "resource:read",
  "role:write",
  "workspace:read",
];

/** `insider`: an admin who is assigned in the admin workspace too, so that what it holds is open to them. */
const powers = ["owner", "narrowed", "insider", "admin", "developer", "auditor"] as const;
type Power = (typeof powers)[number];

/** With a permission comes the one that seeing the thing needs. */
const withReads = (names: readonly Permission[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => [name, (permissions[name] as { read?: string }).read ?? name]));
const held: Readonly<Record<Power, ReadonlySet<string>>> = {
  owner: withReads(builtInRoles.owner),
  narrowed: withReads(narrow),
  insider: withReads(builtInRoles.admin),
  admin: withReads(builtInRoles.admin),
  developer: withReads(builtInRoles.developer),
  auditor: withReads(builtInRoles.auditor),
};

interface Act {
  readonly needs: readonly Permission[];
  /** It reaches into the admin workspace, which is closed but to owners and insiders. */
  readonly isInside?: true;
  /** A person has to have proved lately who they are. */
  readonly isDangerous?: true;
  /** A direct grant is of the API of its client's own workspace. */
  readonly isOfAdminApi?: true;
  /** @param mark whose cell it is for */
  readonly input: (scope: Permission, mark: string) => Promise<object>;
}

const acts = {
  createRole: {
    needs: ["role:write", "resource:read"],
    input: async (scope) => ({ ...homeOf(scope), name: fresh("role"), scopeIds: [idOf(scope)] }),
  },
  updateRole: {
    needs: ["role:write", "resource:read"],
    input: async (scope) => ({ id: await emptyRole(scope), scopeIds: [idOf(scope)] }),
  },
  setClientGrant: {
    needs: ["client-grant:write", "resource:read"],
    isInside: true,
    isDangerous: true,
    isOfAdminApi: true,
    input: async (scope) => ({ clientId: await stage.admin.place.client(), ...grantOf(scope) }),
  },
  createAssignment: {
    needs: ["member:write", "assignment:write"],
    isDangerous: true,
    input: async (scope, mark) => ({ memberId: await newcomer(mark), roleId: await roleWith(scope), everywhere: true }),
  },
  createInvitation: {
    needs: ["invitation:write", "assignment:write"],
    isDangerous: true,
    input: async (scope) => ({ roles: [{ roleId: await roleWith(scope), everywhere: true }] }),
  },
  createClientSecret: {
    needs: ["client-secret:write"],
    isInside: true,
    isDangerous: true,
    isOfAdminApi: true,
    input: async (scope) => ({ clientId: await clientWith(scope) }),
  },
  createApiToken: {
    needs: ["api-token:write"],
    isInside: true,
    isDangerous: true,
    isOfAdminApi: true,
    input: async (scope) => ({ clientId: await clientWith(scope), name: "More", permissions: { all: true } }),
  },
} as const satisfies Record<string, Act>;
type ActName = keyof typeof acts;
const actOf = (name: ActName): Act => acts[name];

/** Every scope of Mintmark's own two APIs in a tenant that is not the root one. */
const scopes = [...ownApiScopes("admin", false), ...ownApiScopes("system", false)];
const scopesOf = (act: Act) => scopes.filter((scope) => !act.isOfAdminApi || permissions[scope].api === "admin");

/**
 * Whether the power may pass the scope on by that act: who has what the act needs and holds what is passed on. The scopes
 * of the System API are an owner's to give, who holds the whole tenant, and nobody else's.
 */
function may(power: Power, name: ActName, scope: Permission): boolean {
  const act = actOf(name);
  if (!act.needs.every((need) => held[power].has(need))) return false;
  if (act.isInside && !["owner", "narrowed", "insider"].includes(power)) return false;
  return power === "owner" || (permissions[scope].api === "admin" && held[power].has(scope));
}

let system: OwnWorkspace;
let chief: SignedInPerson;
const ids = new Map<string, string>();
const made = new Map<string, Promise<string>>();
/** Made once, when it is first asked for. */
const once = (key: string, make: () => Promise<string>): Promise<string> => {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
};

const workspaceOf = (scope: Permission): OwnWorkspace => (permissions[scope].api === "admin" ? stage.admin : system);
const homeOf = (scope: Permission) => ({ workspaceId: workspaceOf(scope).place.workspaceId });
const idOf = (scope: Permission): string => ids.get(scope) ?? "";
const grantOf = (scope: Permission) => ({ resourceId: stage.admin.apiId, scopes: [scope] });
const emptyRole = (scope: Permission) =>
  stage.make("createRole", { ...homeOf(scope), name: fresh("role"), scopeIds: [] }, "role");
const roleWith = (scope: Permission) =>
  once(`role ${scope}`, () =>
    stage.make("createRole", { ...homeOf(scope), name: fresh("role"), scopeIds: [idOf(scope)] }, "role"),
  );
async function clientWith(scope: Permission): Promise<string> {
  const clientId = await stage.admin.place.client();
  await stage.make("setClientGrant", { clientId, ...grantOf(scope) }, "clientGrant");
  return clientId;
}
/** Somebody without a role. */
const newcomer = (mark: string) => once(`member ${mark}`, async () => (await personWith([])).memberId);

beforeAll(async () => {
  system = await ownWorkspace(stage.tenant, "system");
  chief = await signInOwner(world.server);
  for (const own of [stage.admin, system])
    for (const [name, id] of await stage.scopesOf(own.apiId)) if (isPermission(name)) ids.set(name, id);
  await stage.tenant.admin.must(
    "updateWorkspaceSettings",
    {
      workspaceId: stage.admin.place.workspaceId,
      apiTokens: "ON",
      apiTokenLimit: 50,
      personalTokens: "ON",
      generatedTypes: ["STATIC_TOKEN", "CLIENT_CREDENTIALS"],
    },
    "__typename",
  );
}, 120_000);

const personWith = (roles: readonly MemberRole[]) => signInMember(world.server, chief, stage.tenant.slug, roles);

const builtInOf = (power: Power) => (power === "narrowed" ? "owner" : power === "insider" ? "admin" : power);

/** Sends one document as somebody. */
type Send = (query: string, variables: object) => Promise<Answer>;
const senders = new Map<string, Promise<Send>>();
const sender = (carrier: Carrier, power: Power): Promise<Send> => {
  const key = `${carrier} ${power}`;
  const known = senders.get(key) ?? newSender(carrier, power);
  senders.set(key, known);
  return known;
};

async function newSender(carrier: Carrier, power: Power): Promise<Send> {
  if (ofPersons.includes(carrier)) return senderOfPerson(carrier, power);
  const access = await newAccess(stage.admin, { role: builtInOf(power) });
  const { workspaceId } = stage.admin.place;
  if (power === "insider") await assign(stage.admin, access.id, stage.role("admin"), workspaceId);
  if (carrier === "client") {
    const scope = power === "narrowed" ? { scope: narrow.join(" ") } : {};
    const token = await fetchToken(access, { resource: access.resource, ...scope });
    return sending(bearer(token));
  }
  const chosen = [{ resourceId: stage.admin.apiId, scopes: narrow }];
  const input = { clientId: access.id, name: power, permissions: power === "narrowed" ? { chosen } : { all: true } };
  const { secret } = await stage.tenant.admin.must("createApiToken", input, "secret");
  return sending(tokenHeader(remember(String(secret))));
}

async function senderOfPerson(carrier: Carrier, power: Power): Promise<Send> {
  const inside = power === "insider" ? [{ name: "admin", targetWorkspaceId: stage.admin.place.workspaceId }] : [];
  const person = await personWith([{ name: builtInOf(power) }, ...inside]);
  const { slug } = stage.tenant;
  if (carrier === "person") return (query, variables) => person.graphql(slug, query, variables);
  const input = { name: power, permissions: power === "narrowed" ? { scopes: narrow } : { all: true } };
  const [mutation, selection] =
    carrier === "personal token"
      ? ["createPersonalToken", "secret"]
      : ["createPersonalClient", "personalClient { id tokenEndpoint resource } secret"];
  const answer = await person.graphql(slug, mutationDocument(mutation, selection), { input });
  const { data } = answer.json() as {
    data: Record<string, { secret: string; personalClient?: { id: string; tokenEndpoint: string; resource: string } }>;
  };
  const { secret = "", personalClient } = data[mutation] ?? {};
  remember(secret);
  if (!personalClient) return sending(tokenHeader(secret));
  const { id: clientId, tokenEndpoint, resource } = personalClient;
  return sending(bearer(await fetchToken({ clientId, clientSecret: secret, tokenEndpoint }, { resource })));
}

const sending =
  (header: readonly [string, string]): Send =>
  (query, variables) =>
    postGraphQL(world.graphqlUrl, { query, variables }, [header]);

/** A person has no token to narrow. */
const cells = carriers
  .flatMap((carrier) => powers.map((power) => [carrier, power] as const))
  .filter(([carrier, power]) => carrier !== "person" || power !== "narrowed")
  .flatMap(([carrier, power]) => (Object.keys(acts) as ActName[]).map((act) => [carrier, power, act] as const));

/** Of each act's scopes every carrier tries a part, and all of them together each one. */
const triedBy = (carrier: Carrier, name: ActName): readonly Permission[] =>
  scopesOf(actOf(name)).filter(
    (_, at) => (at + carriers.indexOf(carrier) + Object.keys(acts).indexOf(name)) % carriers.length === 0,
  );

const REFUSED = ["FORBIDDEN", "NOT_FOUND", "WORKSPACE_CLOSED", "MORE_THAN_HELD"];

describe("[C5] nobody passes on more than they hold", () => {
  test("the table allows something and refuses something by each act, and has every scope", () => {
    for (const act of Object.keys(acts) as ActName[]) {
      const said = powers.flatMap((power) => scopesOf(actOf(act)).map((scope) => may(power, act, scope)));
      expect([act, said.includes(true), said.includes(false)]).toEqual([act, true, true]);
    }
    expect([...ids.keys()].sort()).toEqual([...scopes].sort());
    expect(may("insider", "setClientGrant", "workspace:create")).toBe(true);
    expect(may("insider", "setClientGrant", "workspace:delete")).toBe(false);
    expect(may("admin", "createAssignment", "tenant-settings:write")).toBe(false);
  });

  test.each(inThisRun(cells, 24))("%s, %s: %s", async (carrier, power, name) => {
    const act = actOf(name);
    const isStopped = act.isDangerous === true && standsIn.includes(carrier);
    const send = await sender(carrier, power);
    const tried = triedBy(carrier, name);
    const inputs = new Map<Permission, object>();
    for (const scope of tried) inputs.set(scope, await act.input(scope, `${carrier} ${power}`));
    const outcomes = async (of: readonly Permission[]) => {
      const said: [Permission, string][] = [];
      for (const scope of of) {
        const answer = await send(mutationDocument(name, "__typename"), { input: inputs.get(scope) });
        said.push([scope, outcomeOf(answer, name)]);
      }
      return said;
    };
    const isGiven = (scope: Permission) => may(power, name, scope);
    const before = await rows.versions();
    const wrong = [...REFUSED, ...(isStopped ? ["STEP_UP_NEEDED"] : [])];
    const others = await outcomes(tried.filter((scope) => !isGiven(scope)));
    expect(others.filter(([, outcome]) => !wrong.includes(outcome))).toEqual([]);
    expect(changedByRefusal(changedPlaces(before, await rows.versions()), stage.tenant.id)).toEqual([]);
    const given = tried.filter(isGiven);
    expect(await outcomes(given)).toEqual(given.map((scope) => [scope, isStopped ? "STEP_UP_NEEDED" : "done"]));
  });
});
