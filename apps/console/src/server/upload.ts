import { text } from "../text.ts";

/** Why a file was not taken. */
export interface NotTaken {
  readonly problem: string;
  /** Whether the server said so: else it may have taken the file, and its answer was lost. */
  readonly isAnswer: boolean;
}

/** Sends a file; nothing where it was taken. */
export async function upload(tenant: string, path: string, file: Blob, type: string): Promise<NotTaken | undefined> {
  try {
    const address = `${path}?tenant=${encodeURIComponent(tenant)}`;
    // biome-ignore lint/style/noRestrictedGlobals: a file is no operation, and goes to the console's own server
    const answer = await fetch(address, {
      method: "PUT",
      headers: { "X-CSRF": "1", "Content-Type": type },
      cache: "no-store",
      body: file,
    });
    if (answer.ok) return undefined;
    const body: { errors?: { message: string }[] } = await answer.json().catch(() => ({}));
    return { problem: body.errors?.[0]?.message ?? text.error.unknown, isAnswer: true };
  } catch {
    return { problem: `${text.error.offline} ${text.error.offlineTodo}`, isAnswer: false };
  }
}

/** A file of the server as text, in the format that is asked for; nothing where it did not come whole. */
export async function fetchText(tenant: string, path: string, accept: string): Promise<string | undefined> {
  try {
    const address = `${path}?tenant=${encodeURIComponent(tenant)}`;
    // biome-ignore lint/style/noRestrictedGlobals: a file is no operation, and comes from the console's own server
    const answer = await fetch(address, { headers: { "X-CSRF": "1", Accept: accept }, cache: "no-store" });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
