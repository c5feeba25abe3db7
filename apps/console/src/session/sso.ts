import { type Answer, ask } from "../server/ask.ts";
import { safeNext } from "./leave.ts";

/** `POST /console/auth/sso`: what a tenant's people may sign in with. */
export interface SsoProvider {
  readonly id: string;
  readonly name: string;
}

/** What the page that people come back to must know: kept in this tab alone, until they are back. */
interface Luggage {
  /** Where they were going. */
  readonly next?: string | undefined;
  /** The code of the invitation that they opened. */
  readonly invitation?: string | undefined;
  /** This window was opened for it alone. */
  readonly inWindow?: boolean | undefined;
}

const KEY = "mintmark.sso";

const pack = (luggage: Luggage, into = sessionStorage): void => into.setItem(KEY, JSON.stringify(luggage));

/** What was kept, which is gone then. */
export function unpack(): Luggage {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept === null) return {};
  try {
    const { next, invitation, inWindow } = JSON.parse(kept) as Record<string, unknown>;
    return {
      next: typeof next === "string" ? safeNext(next) : undefined,
      invitation: typeof invitation === "string" ? invitation : undefined,
      inWindow: inWindow === true,
    };
  } catch {
    return {};
  }
}

type Begun = Answer<{ readonly address: string }>;

/** Leaves for a provider; answers only where nobody goes. */
export async function goToProvider(provider: string, luggage: Luggage): Promise<Begun> {
  const begun = await ask<{ readonly address: string }>("sso/begin", { provider });
  if (!begun.ok) return begun;
  pack(luggage);
  location.assign(begun.body.address);
  return begun;
}

const CHANNEL = "mintmark.sso";

/** Tells the page that opened this window that its person came back. */
export function tellBack(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("back");
  channel.close();
}

/** Hears of it; what they came back as is for the server to say. @returns what stops listening */
export function onBack(hear: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => data === "back" && hear();
  return () => channel.close();
}

/**
 * Has the person sign in, or prove again who they are, in a window of its own: what they typed here stays. The window is
 * opened at once, because a browser lets a page open one only while its person presses something.
 */
export async function inOwnWindow(path: "sso/begin" | "sso/step-up", body: object): Promise<Begun> {
  const own = open("", "_blank", "popup,width=480,height=680");
  const begun = await ask<{ readonly address: string }>(path, body);
  if (!begun.ok) own?.close();
  else if (own) {
    pack({ inWindow: true }, own.sessionStorage);
    own.location.assign(begun.body.address);
  } else {
    pack({ next: location.pathname.slice("/console".length) + location.search });
    location.assign(begun.body.address);
  }
  return begun;
}
