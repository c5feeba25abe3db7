import { beforeAll, expect } from "vitest";
import type { UserError } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import type { StoryTenant, World } from "../support/world.ts";
import { type Caller, callerOf, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";
import { fresh, idIn, makePlace, type Place } from "./place.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";

/** A tenant with a custom workspace and its owner, and what is asked of acts in it. */
export interface TenancyStage {
  readonly tenant: StoryTenant;
  readonly admin: OwnWorkspace;
  readonly own: Place;
  readonly owner: Caller;
  /** A scope of the Admin API, by its name. */
  scope(name: string): string;
  /** A built-in role of the admin workspace, by its name. */
  role(name: string): string;
  /** Makes something as owner; answers its id. */
  make(mutation: string, input: object, member: string): Promise<string>;
  /** A role of the admin workspace with these scopes of the Admin API. */
  newRole(names: readonly string[]): Promise<string>;
  /** The ids of a resource's scopes by name. */
  scopesOf(resourceId: string): Promise<ReadonlyMap<string, string>>;
  /** Refused with that code, and nothing changed. */
  refused(caller: Caller, mutation: string, input: object, code?: string): Promise<UserError>;
  done(caller: Caller, mutation: string, input: object): Promise<Answer>;
}

export function useTenancyStage(world: World): TenancyStage {
  const rows = useRows(world);
  const stage = {} as { tenant: StoryTenant; admin: OwnWorkspace; own: Place; owner: Caller };
  let scopeIds: ReadonlyMap<string, string> = new Map();
  const make: TenancyStage["make"] = async (mutation, input, member) =>
    idIn(await stage.owner.graphql.must(mutation, input, `${member} { id }`), member);
  const scope = (name: string) => scopeIds.get(name) ?? "";
  const scopesOf: TenancyStage["scopesOf"] = async (id) => {
    const document = `query ($id: ID!) { node(id: $id) { ... on Resource { scopes { id name } } } }`;
    const answer = await stage.tenant.admin.run(document, { id });
    const { scopes } = answer["node"] as { scopes: { id: string; name: string }[] };
    return new Map(scopes.map((one) => [one.name, one.id]));
  };
  beforeAll(async () => {
    stage.tenant = await world.tenant().ready();
    stage.admin = await ownWorkspace(stage.tenant, "admin");
    stage.own = await makePlace(stage.tenant);
    stage.owner = await callerOf(world, stage.tenant.adminClient);
    scopeIds = await scopesOf(stage.admin.apiId);
  }, 120_000);
  return Object.assign(stage, {
    scope,
    scopesOf,
    make,
    role: (name: string) => stage.admin.roles.get(name) ?? "",
    newRole: (names: readonly string[]) => {
      const { workspaceId } = stage.admin.place;
      return make("createRole", { workspaceId, name: fresh("role"), scopeIds: names.map(scope) }, "role");
    },
    refused: async (caller: Caller, mutation: string, input: object, code = "MORE_THAN_HELD") => {
      const before = await rows.versions();
      const answer = await caller.call(mutation, input);
      expect([mutation, input, outcomeOf(answer, mutation)]).toEqual([mutation, input, code]);
      expect(changedByRefusal(changedPlaces(before, await rows.versions()), stage.tenant.id)).toEqual([]);
      const { data } = answer.json() as { data: Record<string, { userErrors: UserError[] }> };
      return data[mutation]?.userErrors[0] as UserError;
    },
    done: async (caller: Caller, mutation: string, input: object) => {
      const answer = await caller.call(mutation, input);
      expect([mutation, input, outcomeOf(answer, mutation)]).toEqual([mutation, input, "done"]);
      return answer;
    },
  });
}
