import type { Visit } from "../support/browser.ts";

/** Everywhere that a page could leave something, and how it reads as text. The words searched for never enter the page. */
const dump = `(async () => {
  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of db.objectStoreNames) {
      databases[name + "/" + store] = await new Promise((resolve, reject) => {
        const asking = db.transaction(store).objectStore(store).getAll();
        asking.onsuccess = () => resolve(asking.result);
        asking.onerror = () => reject(asking.error);
      });
    }
    db.close();
  }
  const cached = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) cached.push(request.url, await (await cache.match(request)).text());
  }
  const fields = [...document.querySelectorAll("input, textarea, select")].map((field) => field.value);
  return {
    document: document.documentElement.outerHTML + JSON.stringify(fields) + document.title,
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    indexedDB: JSON.stringify(databases),
    cache: JSON.stringify(cached),
    cookie: document.cookie,
    address: location.href,
    state: JSON.stringify(history.state) + window.name,
    timings: JSON.stringify(performance.getEntries()),
  };
})()`;

/** All objects that live in the page, after a garbage collection. */
async function heapOf({ page }: Visit): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return chunks.join("");
}

async function historyOf({ page }: Visit): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send("Page.getNavigationHistory");
  await session.detach();
  return JSON.stringify(entries);
}

/** The names of the sinks in which these words stand. */
export async function sinksWith(words: string, visit: Visit, log: () => string): Promise<string[]> {
  // First of all: looking at the others leaves traces in it.
  const heap = await heapOf(visit);
  const history = await historyOf(visit);
  const inPage = await visit.page.evaluate<Record<string, string>>(dump);
  const all = { ...inPage, heap, history, log: log() };
  return Object.entries(all).flatMap(([sink, text]) => (text.includes(words) ? [sink] : []));
}

/** Leaves these words in every sink there is. */
export async function plant(words: string, { page }: Visit): Promise<void> {
  const json = JSON.stringify(words);
  await page.evaluate(`(async () => {
    window.canary = { words: ${json} };
    document.body.dataset.canary = ${json};
    localStorage.setItem("canary", ${json});
    sessionStorage.setItem("canary", ${json});
    document.cookie = "canary=" + ${json};
    await (await caches.open("canary")).put("/canary", new Response(${json}));
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open("canary", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("canary");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const writing = opening.result.transaction("canary", "readwrite");
        writing.objectStore("canary").put({ words: ${json} }, 1);
        writing.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
    performance.mark(${json});
    history.pushState({ canary: ${json} }, "", "?canary=" + ${json});
    await fetch("/canary/" + ${json} + "/oauth2/token").catch(() => undefined);
  })()`);
}

/** How many sinks are looked at. */
export const allSinks = [
  "address",
  "cache",
  "cookie",
  "document",
  "heap",
  "history",
  "indexedDB",
  "localStorage",
  "log",
  "sessionStorage",
  "state",
  "timings",
];
