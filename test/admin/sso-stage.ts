import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Answer } from "../support/http.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../support/open-id-provider.ts";
import { newPerson, type Person } from "../support/person.ts";
import { type StoryTenant, useWorld, type World } from "../support/world.ts";
import { ownWorkspace } from "./callers.ts";
import { fresh, idIn } from "./place.ts";

/** A provider that a tenant trusts. */
export interface Trusted {
  readonly id: string;
  readonly tenant: StoryTenant;
  readonly provider: OpenIdProvider;
}

/** Two tenants, and two providers of other people's. */
export interface SsoStage {
  readonly world: World;
  readonly staff: OpenIdProvider;
  /** It says whatever it likes. */
  readonly hostile: OpenIdProvider;
  readonly acme: StoryTenant;
  readonly umbrella: StoryTenant;
  browser(): Person;
  /** The id of a built-in role of a tenant's admin workspace. */
  role(tenant: StoryTenant, name: string): Promise<string>;
  /** Has a tenant trust a provider: anyone joins as auditor, unless something else is said. */
  trust(tenant: StoryTenant, provider: OpenIdProvider, more?: object): Promise<Trusted>;
  /** Goes to the provider and comes back; answers what it sent along. */
  visit(person: Person, trusted: Trusted, login: string): Promise<Readonly<Record<string, string>>>;
  /** The whole way; answers what the last step said. */
  signIn(person: Person, trusted: Trusted, login: string, more?: object): Promise<Answer>;
}

/** What the console sends of the address that a provider sends people back to. */
export const backFrom = (trusted: Trusted, address: URL): Readonly<Record<string, string>> => {
  const known = ["state", "code", "iss", "error"];
  const sent = [...address.searchParams].filter(([name]) => known.includes(name));
  return { provider: trusted.id, ...Object.fromEntries(sent) };
};

const [staff, hostile] = [await startOpenIdProvider(), await startOpenIdProvider()];

export function useSsoStage(): SsoStage {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-sso-"));
  const authorities = join(folder, "authorities.pem");
  writeFileSync(authorities, staff.authority + hostile.authority);
  afterAll(async () => {
    await Promise.all([staff.close(), hostile.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const world = useWorld({
    EGRESS_ALLOW: `localhost:${staff.port},localhost:${hostile.port}`,
    EGRESS_CA_FILE: authorities,
  });
  const stage = {} as { acme: StoryTenant; umbrella: StoryTenant };
  beforeAll(async () => {
    stage.acme = await world.tenant().ready();
    stage.umbrella = await world.tenant().ready();
  });
  const role: SsoStage["role"] = async (tenant, name) => (await ownWorkspace(tenant, "admin")).roles.get(name) ?? "";
  const visit: SsoStage["visit"] = async (person, trusted, login) => {
    const begun = await person.auth("/sso/begin", { provider: trusted.id });
    if (begun.status !== 200) throw new Error(`nobody goes anywhere: ${begun.status} ${begun.body}`);
    return backFrom(trusted, await trusted.provider.logIn(String(begun.json()["address"]), login));
  };
  return Object.assign(stage, {
    world,
    staff,
    hostile,
    role,
    visit,
    browser: () => newPerson(world.origin),
    trust: async (tenant: StoryTenant, provider: OpenIdProvider, more: object = {}) => {
      const roles = [{ roleId: await role(tenant, "auditor"), everywhere: true }];
      const { issuer, clientId, clientSecret } = provider;
      const input = { name: fresh("provider"), issuer, clientId, clientSecret, joining: "ANYONE", roles, ...more };
      const made = await tenant.admin.must("createSsoProvider", input, "ssoProvider { id redirectUri }");
      provider.allow((made["ssoProvider"] as { redirectUri: string }).redirectUri);
      return { id: idIn(made, "ssoProvider"), tenant, provider };
    },
    signIn: async (person: Person, trusted: Trusted, login: string, more: object = {}) =>
      person.auth("/sso/finish", { ...(await visit(person, trusted, login)), ...more }),
  });
}
