import { ask, sentence } from "../server/ask.ts";
import { text } from "../text.ts";
import { toast } from "../ui/toast.tsx";

const BASE = "/console";

/** Only an address of this console may follow a sign-in: never another origin, never a scheme. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith("/") || next.startsWith("//") || /[\\\s]/.test(next)) return "/";
  return next;
}

/** The slug of the tenant that such an address leads into. */
export const tenantIn = (next: string | undefined): string | undefined =>
  /^\/t\/([a-z0-9][a-z0-9-]{0,62})(?:[/?#]|$)/.exec(next ?? "")?.[1];

/** To the sign-in page, and back here afterwards. A whole page load: nothing of the ended session stays in memory. */
export function toSignIn(): void {
  const here = location.pathname.slice(BASE.length) + location.search;
  if (here.startsWith("/sign-in")) return;
  const next = safeNext(here);
  location.assign(`${BASE}/sign-in${next === "/" ? "" : `?next=${encodeURIComponent(next)}`}`);
}

/** Ends the session on the server, then leaves. While it lives the page stays, and says so: nobody may believe it ended. */
export async function signOut(): Promise<void> {
  const done = await ask("sign-out", {});
  if (!done.ok && done.status !== 401) return toast(text.frame.notSignedOut(sentence(done.failures[0])));
  location.assign(`${BASE}/sign-in`);
}

/** On with a new session, as a new page. */
export const enter = (next = "/"): void => location.assign(BASE + safeNext(next));
