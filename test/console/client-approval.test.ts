import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { signInMember } from "../support/member.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied, openCreate, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

test("[T2] what a developer makes waits, and says so; an admin finds it among those that wait, refuses it, approves it, and it gets its secret", async () => {
  const { world, owner, tenant, workspace, at, origin } = stage();
  await workspace.admin.must(
    "updateWorkspaceSettings",
    { workspaceId: workspace.id, clientApproval: "REQUIRED" },
    "__typename",
  );
  const [developer, admin] = [
    await signInMember(world.server, owner, tenant.slug, [{ name: "developer" }]),
    await signInMember(world.server, owner, tenant.slug, [{ name: "admin" }]),
  ];
  const { page: theirs } = await browser.open(origin, developer);
  const hands = handsOn(theirs, "pointer");
  await theirs.goto(`/console${at}/clients`);
  await settled(theirs);
  await openCreate(theirs, hands);
  await theirs.getByText(/^Clients of this workspace have to be approved\./).waitFor();
  expect(await violationsOn(theirs)).toEqual([]);
  await hands.fill(sheet(theirs), "Name", "new connector");
  await hands.send(sheet(theirs), "Create client");
  await told(theirs, "Created new connector: it waits for approval");
  await theirs.getByText("Ask an owner or admin to approve it.", { exact: false }).waitFor();
  expect(await theirs.getByRole("button", { name: "Approve" }).count()).toBe(0);
  expect(await theirs.getByRole("button", { name: /^Add secret/ }).isDisabled()).toBe(true);

  const { page } = await browser.open(origin, admin);
  const keys = handsOn(page, "keyboard");
  await page.goto(`/console${at}/clients`);
  await settled(page);
  await keys.press(page, "link", /^Waiting for approval/);
  await page.waitForURL("**/clients?view=waiting");
  const row = page.getByRole("table").getByRole("row").filter({ hasText: "new connector" });
  expect(await row.textContent()).toContain("Waiting for approval");
  await row.getByRole("link", { name: "new connector" }).click();
  await page.getByText(/^It waits for approval/).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await keys.press(page, "button", "Refuse");
  await keys.fill(sheet(page), "Reason", "Which team owns it?");
  await keys.send(sheet(page), "Refuse");
  await told(page, "Refused new connector");
  await page.getByText(/It was refused: it holds no credential and gets no token\. “Which team owns it\?”/).waitFor();
  await keys.press(page, "button", "Approve");
  await told(page, "Approved new connector");
  await page.getByText(/^It was refused/).waitFor({ state: "hidden" });

  await theirs.reload();
  await settled(theirs);
  await hands.press(theirs, "button", /^Add secret/);
  await hands.send(sheet(theirs), "Create secret");
  const secret = remember(await copied(theirs, hands, "client secret"));
  expect(secret).toMatch(/^mms_/);
  await workspace.admin.must(
    "updateWorkspaceSettings",
    { workspaceId: workspace.id, clientApproval: null },
    "__typename",
  );
});
