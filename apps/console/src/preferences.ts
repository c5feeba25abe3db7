import { useSyncExternalStore } from "react";

/** What a person chose for this browser. Nothing here is secret; it is all that the console keeps in storage. */
export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly density: "compact" | "normal" | "roomy";
  readonly zone: "local" | "utc";
  readonly singleKeys: "on" | "off";
}

const ALLOWED: { readonly [Name in keyof Preferences]: readonly Preferences[Name][] } = {
  theme: ["system", "light", "dark"],
  density: ["normal", "compact", "roomy"],
  zone: ["local", "utc"],
  singleKeys: ["on", "off"],
};

function stored<Name extends keyof Preferences>(name: Name): Preferences[Name] {
  const [first] = ALLOWED[name];
  let value: string | null = null;
  try {
    value = localStorage.getItem(name);
  } catch {
    // Storage may be closed to us; the defaults serve.
  }
  return ALLOWED[name].find((one) => one === value) ?? (first as Preferences[Name]);
}

let current: Preferences = {
  theme: stored("theme"),
  density: stored("density"),
  zone: stored("zone"),
  singleKeys: stored("singleKeys"),
};
const listeners = new Set<() => void>();
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** The theme on the screen now, whatever decided it. */
export const shownTheme = (): "light" | "dark" =>
  current.theme === "system" ? (systemDark.matches ? "dark" : "light") : current.theme;

/** Tells the server the theme that was chosen: the empty page that it sends has its colour before any script runs. */
function tellServer({ theme }: Preferences): void {
  const age = theme === "system" ? 0 : 31_536_000;
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store API
  document.cookie = `theme=${theme}; Path=/console; Max-Age=${age}; SameSite=Strict; Secure`;
}

function apply(): void {
  document.documentElement.dataset["theme"] = shownTheme();
  document.documentElement.dataset["density"] = current.density;
  for (const tell of listeners) tell();
}

systemDark.addEventListener("change", apply);
apply();

/** Changes one preference, here and for the next visit. */
export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  current = { ...current, [name]: value };
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds until the page is closed.
  }
  if (name === "theme") tellServer(current);
  apply();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The preferences, read anew when one changes. */
export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => current);

/** The theme on the screen; follows the system while the person chose nothing. */
export const useShownTheme = (): "light" | "dark" => useSyncExternalStore(subscribe, shownTheme);

/** Outside React: for shortcut handlers. */
export const preferences = (): Preferences => current;
