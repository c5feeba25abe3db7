import type { Locator, Page } from "playwright-core";

type Role = Parameters<Page["getByRole"]>[0];

/** Where to look: a page, or one dialog of it. */
type Place = Pick<Page, "getByRole" | "getByLabel">;

/** Somebody at work with one device only. */
export interface Hands {
  readonly device: "pointer" | "keyboard";
  /** Types into the field with this label, in place of what it holds; pastes what nobody types. */
  fill(place: Place, label: string | RegExp, text: string): Promise<void>;
  /** Presses a button, follows a link, ticks a box. */
  press(place: Place, role: Role, name: string | RegExp): Promise<void>;
  /** Chooses one of a group of radio buttons. */
  choose(place: Place, group: string, name: string | RegExp): Promise<void>;
  /** Opens a tab of a tab list. */
  tab(place: Place, name: string): Promise<void>;
  /** Chooses an option of a folded list by its words. */
  select(place: Place, label: string, option: string): Promise<void>;
  /** Sends the form of a sheet or page: by its button, or by its key. */
  send(place: Place, act: string): Promise<void>;
  /** Opens a menu by its button, and takes an entry of it. */
  pick(page: Page, menu: string | RegExp, entry: string): Promise<void>;
}

const exactly = (name: string | RegExp) => ({ name, exact: typeof name === "string" });
const field = (place: Place, label: string | RegExp): Locator =>
  place.getByLabel(label, { exact: typeof label === "string" });

/** A key, a token, a certificate. */
const isPasted = (text: string): boolean => text.length > 80;

function pointer(): Hands {
  return {
    device: "pointer",
    fill: async (place, label, text) => {
      await field(place, label).click();
      if (isPasted(text)) return field(place, label).fill(text);
      await field(place, label).selectText();
      await field(place, label).pressSequentially(text);
    },
    press: (place, role, name) => place.getByRole(role, exactly(name)).click(),
    choose: (place, group, name) =>
      place.getByRole("group", exactly(group)).locator("label").filter({ hasText: name }).click(),
    tab: (place, name) => place.getByRole("tab", exactly(name)).click(),
    select: async (place, label, option) => {
      await field(place, label).selectOption({ label: option });
    },
    send: (place, act) => place.getByRole("button", { name: new RegExp(`^${act}`) }).click(),
    pick: async (page, menu, entry) => {
      await page.getByRole("button", exactly(menu)).click();
      await page.getByRole("menuitem", exactly(entry)).click();
    },
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
      await (isPasted(text) ? page.keyboard.insertText(text) : page.keyboard.type(text));
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
    select: async (place, label, option) => {
      await walk(page, field(place, label), "Tab");
      // The browser's own way through a list: by its first letters.
      await page.keyboard.type(option);
    },
    send: async (place, act) => {
      await place
        .getByRole("button", { name: new RegExp(`^${act}`) })
        .first()
        .waitFor();
      await page.keyboard.press("Control+Enter");
    },
    pick: async (_, menu, entry) => {
      await walk(page, page.getByRole("button", exactly(menu)), "Tab");
      await page.keyboard.press("Enter");
      await walk(page, page.getByRole("menuitem", exactly(entry)), "ArrowDown");
      await page.keyboard.press("Enter");
    },
  };
}

/** A pointer that never types a shortcut, or a keyboard that never points. */
export const handsOn = (page: Page, device: Hands["device"]): Hands =>
  device === "pointer" ? pointer() : keyboard(page);
