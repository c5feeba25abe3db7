import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { cases } from "../admin/cases.ts";
import { makePlace, type Place, placeOf } from "../admin/place.ts";
import { mayChange, type Role as PolicyRole, read } from "../admin/policy.ts";
import { useBrowser } from "../support/browser.ts";
import { mutationDocument, type UserError } from "../support/graphql.ts";
import { type SignedInPerson, signInMember } from "../support/member.ts";
import { inThisRun } from "../support/sample.ts";
import { fetchToken } from "../support/token.ts";
import { freshSlug } from "../support/world.ts";
import { settled } from "./pages.ts";
import { type Act, acts, ofEverybody, type Things, withoutAct } from "./role-acts.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const roles = ["owner", "admin", "developer", "auditor"] as const;
type Role = (typeof roles)[number] | "operator";
const table = read(mayChange);

const members = new Map<Role, SignedInPerson>();
let things: Things;
let place: Place;
beforeAll(async () => {
  const { world, owner, tenant, workspace } = stage();
  for (const name of [...roles, "operator"] as const) {
    const reach = name === "developer" ? { targetWorkspaceId: workspace.id } : {};
    members.set(name, await signInMember(world.server, owner, tenant.slug, [{ name, ...reach }]));
  }
  // What acts on a whole workspace acts on this one, which all of them reach.
  place = { ...placeOf(tenant, workspace), disposable: async () => place };
  things = await makeThings();
});
const member = (role: Role): SignedInPerson => {
  const found = members.get(role);
  if (!found) throw new Error(`nobody is ${role}`);
  return found;
};

/** A client of somebody who may not approve it, made where that is asked for. */
async function waitingClient(): Promise<string> {
  const { workspace, tenant } = stage();
  const ask = (clientApproval: "REQUIRED" | null) =>
    workspace.admin.must("updateWorkspaceSettings", { workspaceId: workspace.id, clientApproval }, "__typename");
  await ask("REQUIRED");
  const input = { workspaceId: workspace.id, name: freshSlug("waiting") };
  const document = mutationDocument("createClient", "client { id }");
  const answer = await member("developer").graphql(tenant.slug, document, { input });
  await ask(null);
  return (answer.json() as { data: { createClient: { client: { id: string } } } }).data.createClient.client.id;
}

/** One of everything that the pages of the stage do not hold yet, or not for certain. */
async function makeThings(): Promise<Things> {
  const { workspace, world, tenant } = stage();
  const { admin } = (await tenant.admin.run('{ admin: workspace(slug: "admin") { id } }')) as { admin: { id: string } };
  await tenant.admin.must("createRole", { workspaceId: admin.id, name: freshSlug("role"), scopeIds: [] }, "__typename");
  const generated = { personalTokens: "ON", generatedTypes: ["STATIC_TOKEN", "CLIENT_CREDENTIALS"] };
  await tenant.admin.must("updateWorkspaceSettings", { workspaceId: admin.id, ...generated }, "__typename");
  await place.invitation();
  const name = freshSlug("api");
  const { id: resourceId } = await workspace.addResource(name, ["a:read"]);
  const client = await workspace.addClient({ grants: { [name]: ["a:read"] } });
  await tenant.admin.must("addResourceServer", { resourceId, clientId: client.id }, "__typename");
  await fetchToken(client);
  return {
    client,
    registered: await place.registeredClient(),
    waiting: await waitingClient(),
    resourceId,
    tenantId: (await world.tenant().ready()).id,
  };
}

/** `yes` when the control works; `no` when it is off or not there. */
async function onScreen(control: Locator): Promise<"yes" | "no"> {
  if ((await control.count()) === 0) return "no";
  const off = (await control.isDisabled()) || (await control.getAttribute("aria-disabled")) === "true";
  const isFixed =
    (await control.getAttribute("readonly")) !== null || (await control.getAttribute("aria-readonly")) === "true";
  return off || isFixed ? "no" : "yes";
}

/** Goes to the page of an act unless it is there, opens what is folded away, and looks at the control. */
async function look(page: Page, { page: where, open, control }: Act): Promise<"yes" | "no"> {
  const path = where(stage(), things);
  if (!page.url().endsWith(path)) {
    await page.goto(`/console${path}`);
    await settled(page);
  }
  const opener = open?.(page);
  if (opener && (await opener.count()) > 0) {
    await opener.click();
    // What does not come is seen below, beside what else is wrong.
    await control(page)
      .waitFor({ timeout: 10_000 })
      .catch(() => undefined);
  }
  const seen = await onScreen(control(page));
  if ((await page.getByRole("menu").count()) > 0) await page.keyboard.press("Escape");
  return seen;
}

/** These end what they act on: another workspace, since the stage's own is still looked at. */
const ending: readonly string[] = ["suspendWorkspace", "deleteWorkspace"];

/** `yes` when the API does it, `no` when it refuses or does not show what it is about. */
async function inApi(person: SignedInPerson, mutation: string): Promise<string> {
  const { tenant, world } = stage();
  const at = ending.includes(mutation) ? { ...place, disposable: () => makePlace(tenant) } : place;
  const input = ofEverybody[mutation] ?? (await cases[mutation]?.input(at, world)) ?? {};
  const answer = await person.graphql(tenant.slug, mutationDocument(mutation, "__typename"), { input });
  const { data } = answer.json() as { data?: Record<string, { userErrors: UserError[] }> };
  const codes = data?.[mutation]?.userErrors.map(({ code }) => code).join(" ") ?? answer.body;
  if (codes === "") return "yes";
  return codes === "FORBIDDEN" || codes === "NOT_FOUND" ? "no" : codes;
}

/** What the table of permissions says of people: whoever operates works in the root tenant. */
const meant = (mutation: string, role: Role): "yes" | "no" => {
  const column: PolicyRole = role === "operator" ? "root" : role;
  return mutation in ofEverybody || table.get(mutation)?.[column] === "yes" ? "yes" : "no";
};

const pathOf = ({ page }: Act): string => page(stage(), things).replace(/\w+_\w{14}/g, "…");

/** The acts of one page in three: each run looks at others. */
function actsOfThisRun(): readonly Act[] {
  const paths = inThisRun([...new Set(acts.map(pathOf))], 3);
  return acts.filter((one) => paths.includes(pathOf(one)));
}

/** Tries every act on the screen, and its mutation in the API. */
async function tryAll(role: Role, tried: readonly Act[]): Promise<void> {
  // Somebody before may have revoked what stands first.
  await place.apiToken();
  await place.initialAccessToken();
  const { page } = await browser.open(stage().origin, member(role));
  const seen: string[] = [];
  const wanted: string[] = [];
  for (const one of tried) {
    const path = pathOf(one);
    seen.push(`${path} ${one.mutation}: ${await look(page, one)}`);
    wanted.push(`${path} ${one.mutation}: ${meant(one.mutation, role)}`);
  }
  const answered: Record<string, string> = {};
  const mutations = [...new Set(tried.map(({ mutation }) => mutation))];
  for (const mutation of mutations) answered[mutation] = await inApi(member(role), mutation);
  expect(seen).toEqual(wanted);
  expect(answered).toEqual(Object.fromEntries(mutations.map((mutation) => [mutation, meant(mutation, role)])));
}

test("[C5] every mutation of the console is an act that the roles try, or is named with the reason why not", async () => {
  const documents = await readFile(new URL("../../apps/console/src/gql/gql.ts", import.meta.url), "utf8");
  const mutations = [...documents.matchAll(/\\n +mutation \w+[^{]*\{\\n +(\w+)/g)].map(([, name]) => name);
  const known = [...acts.map(({ mutation }) => mutation), ...Object.keys(withoutAct)];
  expect([...new Set(mutations)].sort()).toEqual([...new Set(known)].sort());
});

test("[C5] whoever operates the installation finds every control of it at work, and the API allows them", () =>
  tryAll(
    "operator",
    acts.filter(({ mutation }) => table.get(mutation)?.root === "yes"),
  ));

describe.each(roles)("%s", (role) => {
  test("[C5] every control that works is one that the permission table and the API allow, and no other", () =>
    tryAll(role, actsOfThisRun()));

  test("[C5] the audit log shows itself to who may read it", async () => {
    const { page } = await browser.open(stage().origin, member(role));
    await page.goto(`/console${stage().at}/audit`);
    await settled(page);
    const { workspace, tenant } = stage();
    const document = "query ($slug: Slug!) { workspace(slug: $slug) { auditEntries(first: 1) { nodes { id } } } }";
    const answer = await member(role).graphql(tenant.slug, document, { slug: workspace.slug });
    const { data } = answer.json() as { data: { workspace: { auditEntries: { nodes: object[] } } } };
    const mayRead = data.workspace.auditEntries.nodes.length > 0;
    expect(mayRead).toBe(role !== "developer");
    expect(await page.getByRole("table").count()).toBe(mayRead ? 1 : 0);
  });
});
