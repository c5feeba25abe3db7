import { type Answer, ask } from "../server/ask.ts";
import { type Luggage, pack } from "./luggage.ts";

/** `POST /console/auth/sso`: what a tenant's people may sign in with. */
export interface SsoProvider {
  readonly id: string;
  readonly name: string;
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
