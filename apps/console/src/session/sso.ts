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
}

const KEY = "mintmark.sso";

function keep(luggage: Luggage): void {
  sessionStorage.setItem(KEY, JSON.stringify(luggage));
}

/** What was kept, which is gone then. */
export function unpack(): Luggage {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept === null) return {};
  try {
    const { next, invitation } = JSON.parse(kept) as Record<string, unknown>;
    return {
      next: typeof next === "string" ? safeNext(next) : undefined,
      invitation: typeof invitation === "string" ? invitation : undefined,
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
  keep(luggage);
  location.assign(begun.body.address);
  return begun;
}

const CHANNEL = "mintmark.sso";

/** Tells the page that asked for it that its person has proved again who they are. */
export function tellProved(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("proved");
  channel.close();
}

/** Hears of it. @returns what stops listening */
export function onProved(hear: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => data === "proved" && hear();
  return () => channel.close();
}

/**
 * Has the person prove again who they are, in a window of its own: what they typed here stays. The window is opened at
 * once, because a browser lets a page open one only while its person presses something.
 */
export async function proveAtProvider(): Promise<Begun> {
  const own = open("", "_blank", "popup,width=480,height=680");
  const begun = await ask<{ readonly address: string }>("sso/step-up", {});
  if (!begun.ok) own?.close();
  else if (own) own.location.assign(begun.body.address);
  else {
    keep({ next: location.pathname.slice("/console".length) + location.search });
    location.assign(begun.body.address);
  }
  return begun;
}
