import type { Page } from "playwright-core";
import { signInMember } from "../support/member.ts";
import type { Stage } from "./stage.ts";
import type { Scene, State } from "./state.ts";

const clients = (stage: Stage) => `${stage.at}/clients`;

/** A server that breaks while it answers. */
async function breaks(page: Page): Promise<void> {
  const body = JSON.stringify({
    errors: [
      {
        message: "Something broke on this server.",
        extensions: {
          code: "INTERNAL",
          fix: "Try again. If it stays so, give the request ID to whoever operates the server.",
          correlationId: "req_0000000000000000000000",
        },
      },
    ],
  });
  await page.route("**/graphql**", (route) => route.fulfill({ status: 500, contentType: "application/json", body }));
  await page.reload();
  await page.getByRole("alert").getByText("Something broke on this server.").waitFor();
}

/** Nothing answers from the first request on. */
async function silent(page: Page): Promise<void> {
  await page.route("**/graphql**", (route) => route.abort());
  await page.reload();
  await page.getByRole("alert").waitFor();
}

/** The answer is long in coming. */
async function slow(page: Page): Promise<void> {
  await page.route("**/graphql**", () => undefined);
  await page.reload();
  await page.locator(".skeleton").first().waitFor();
}

/** Somebody who may work in another workspace alone. */
const elsewhere = ({ world, owner, tenant, empty }: Stage) =>
  signInMember(world.server, owner, tenant.slug, [{ name: "developer", targetWorkspaceId: empty.id }]);

/** A client that a developer made where each has to be approved. */
async function waiting(page: Page, mark: string, { stage }: Scene): Promise<void> {
  const { world, owner, tenant } = stage;
  const workspace = await world.tenant(tenant).workspace().ready();
  const { id: workspaceId } = workspace;
  await workspace.admin.must("updateWorkspaceSettings", { workspaceId, clientApproval: "REQUIRED" }, "__typename");
  const developer = await signInMember(world.server, owner, tenant.slug, [{ name: "developer" }]);
  const make = "mutation ($input: CreateClientInput!) { createClient(input: $input) { client { id } } }";
  const made = await developer.graphql(tenant.slug, make, { input: { workspaceId, name: `connector ${mark}` } });
  const { data } = made.json() as { data: { createClient: { client: { id: string } } } };
  await page.goto(`/console${stage.home}/w/${workspace.slug}/clients/${data.createClient.client.id}`);
  await page.getByRole("button", { name: "Approve", exact: true }).waitFor();
}

/** What stands in a page's place, or over its head, when something is not as usual. */
export const troubleStates: readonly State[] = [
  { name: "page-error", path: clients, complaint: /status of 500 .*\/graphql/, act: breaks },
  { name: "page-unreachable", path: clients, complaint: /net::ERR_FAILED/, act: silent },
  { name: "page-loading", path: clients, act: slow },
  { name: "workspace-closed", path: clients, viewer: elsewhere, act: async () => undefined },
  { name: "client-waiting", path: clients, act: waiting },
];
