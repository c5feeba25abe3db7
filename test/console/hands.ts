import type { Locator, Page } from "playwright-core";

type Role = Parameters<Page["getByRole"]>[0];

/** Where to look: a page, or one dialog of it. */
type Place = Pick<Page, "getByRole" | "getByLabel">;

/** Somebody at work with one device only. */
export interface Hands {
  readonly device: "pointer" | "keyboard";
  /** Types into the field with this label, in place of what it holds. */
  fill(place: Place, label: string, text: string): Promise<void>;
  /** Presses a button, follows a link, ticks a box. */
  press(place: Place, role: Role, name: string | RegExp): Promise<void>;
  /** Chooses one of a group of radio buttons. */
  choose(place: Place, group: string, name: string | RegExp): Promise<void>;
  /** Opens a tab of a tab list. */
  tab(place: Place, name: string): Promise<void>;
}

const exactly = (name: string | RegExp) => ({ name, exact: typeof name === "string" });
const field = (place: Place, label: string): Locator => place.getByLabel(label, { exact: true });

function pointer(): Hands {
  return {
    device: "pointer",
    fill: async (place, label, text) => {
      await field(place, label).click({ clickCount: 3 });
      await field(place, label).pressSequentially(text);
    },
    press: (place, role, name) => place.getByRole(role, exactly(name)).click(),
    choose: (place, group, name) =>
      place.getByRole("group", exactly(group)).locator("label").filter({ hasText: name }).click(),
    tab: (place, name) => place.getByRole("tab", exactly(name)).click(),
  };
}

const MOST_STOPS = 150;

/** Moves the focus there with one key, or says that this key does not lead there. */
async function walk(page: Page, target: Locator, key: string): Promise<void> {
  await target.waitFor();
  const focused = target.and(page.locator(":focus"));
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${target}`);
}

function keyboard(page: Page): Hands {
  return {
    device: "keyboard",
    fill: async (place, label, text) => {
      await walk(page, field(place, label), "Tab");
      await page.keyboard.press("Control+A");
      await page.keyboard.type(text);
    },
    press: async (place, role, name) => {
      const target = place.getByRole(role, exactly(name));
      await walk(page, target, "Tab");
      await page.keyboard.press(role === "checkbox" || role === "radio" ? "Space" : "Enter");
    },
    choose: async (place, group, name) => {
      const choices = place.getByRole("group", exactly(group));
      await walk(page, choices.getByRole("radio", { checked: true }), "Tab");
      await walk(page, choices.getByRole("radio", exactly(name)), "ArrowRight");
    },
    tab: async (place, name) => {
      await walk(page, place.getByRole("tab", { selected: true }), "Tab");
      await walk(page, place.getByRole("tab", exactly(name)), "ArrowRight");
    },
  };
}

/** A pointer that never types a shortcut, or a keyboard that never points. */
export const handsOn = (page: Page, device: Hands["device"]): Hands =>
  device === "pointer" ? pointer() : keyboard(page);
