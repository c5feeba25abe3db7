/**
 * Fetches a file of the server as the person who is signed in, and gives it to the browser to save.
 *
 * @returns whether it came whole; nothing is saved otherwise
 */
export async function download(tenant: string, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    const address = `${path}?tenant=${encodeURIComponent(tenant)}`;
    // biome-ignore lint/style/noRestrictedGlobals: a file is no operation, and comes from the console's own server
    const answer = await fetch(address, { headers: { "X-CSRF": "1" }, cache: "no-store", signal });
    if (!answer.ok) return false;
    const file = await answer.blob();
    const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "export";
    save(file, name);
    return true;
  } catch {
    return false;
  }
}

/** Gives a file to the browser to save, which may ask first: whether it was saved, nobody tells. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
