import type { Page } from "playwright-core";
import type { Visit, Watcher } from "../support/browser.ts";
import type { SignedInPerson } from "../support/member.ts";
import { type ConsolePage, pages, visitPage } from "./pages.ts";
import type { Stage } from "./stage.ts";

/** Where an act happens. */
export interface Scene {
  readonly stage: Stage;
  /** Who looks at it; nobody at a door. */
  readonly viewer: SignedInPerson | undefined;
}

/** What opens over a page, or takes its place, by an act. */
export interface State extends ConsolePage {
  /** `mark` is what it calls whatever it makes. */
  readonly act: (page: Page, mark: string, scene: Scene) => Promise<void>;
  /** Somebody made for it, instead of the owner. */
  readonly viewer?: (stage: Stage) => Promise<SignedInPerson>;
  /** What the browser complains of because it is so. */
  readonly complaint?: RegExp;
}

export const over = (name: string, pageName: string, act: State["act"]): State => {
  const page = pages.find((one) => one.name === pageName);
  if (!page) throw new Error(`${name} opens over no page`);
  return { ...page, name, act };
};

/** Opens a page in a tab of its own, and does what makes the state. */
export async function openState(
  browser: Watcher,
  stage: Stage,
  state: State,
  look: Parameters<Watcher["open"]>[2] & { readonly mark: string },
): Promise<Visit> {
  const { act, complaint, viewer: made, ...one } = state;
  const viewer = one.isDoor ? undefined : ((await made?.(stage)) ?? stage.owner);
  const visit = await browser.open(stage.origin, viewer, look);
  if (complaint) visit.allow(complaint);
  await visitPage(visit.page, one, stage);
  await act(visit.page, look.mark, { stage, viewer });
  return visit;
}

/** Waits for what opens over the page. */
export const dialog = (page: Page): Promise<void> => page.locator("dialog[open]").first().waitFor();

/** Presses a button of the page, and waits for what it opens. */
export const pressing = (name: string) => async (page: Page) => {
  await page.getByRole("button", { name, exact: true }).click();
  await dialog(page);
};
