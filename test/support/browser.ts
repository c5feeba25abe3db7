import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Person } from "./person.ts";

/** What `CHROMIUM` names, or of Debian's two the one without windows, where it is there. */
const executablePath =
  process.env["CHROMIUM"] ??
  ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path)) ??
  "chromium";
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

type Theme = "light" | "dark";

/** How somebody looks at the console. Sizes in CSS pixels. */
interface Look {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** Asks for less movement; the default, because nothing here waits for an animation. */
  readonly still?: boolean;
  /** Device pixels for one CSS pixel. */
  readonly scale?: number;
  /** Another server that it may go to, whatever authority signed its certificate. */
  readonly elsewhere?: string;
}

/** One person's browser with one tab, watched from its first request. */
export interface Visit {
  readonly page: Page;
  /** Every request so far, oldest first. */
  readonly requests: Request[];
  /** What the page has done wrong since the last test. */
  readonly problems: string[];
  /** A complaint of the browser that the test provokes, such as a status of 401. */
  allow(complaint: RegExp): void;
  close(): Promise<void>;
}

/** Opens tabs; a test fails when a page of it complains, breaks its policy or asks another origin. */
export interface Watcher {
  /** A new tab at `origin`, signed in as `person` where given. Closed after the test that opened it. */
  open(origin: string, person?: Person, look?: Look): Promise<Visit>;
}

const onViolation = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy broken: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));`;

/** Hands over the cookies of a person who has signed in already. */
async function signIn(context: BrowserContext, person: Person): Promise<void> {
  const [, pairs] = person.cookie();
  const cookies = pairs.split("; ").map((pair) => {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    return { name, value, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Strict" as const };
  });
  await context.addCookies(cookies);
}

function watch(context: BrowserContext, page: Page, origins: readonly string[]): Visit {
  const problems: string[] = [];
  const allowed: RegExp[] = [];
  const requests: Request[] = [];
  const complain = (problem: string) => {
    if (!allowed.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  page.on("console", (message) => {
    const { url } = message.location();
    if (["error", "warning", "assert"].includes(message.type()))
      complain(`${message.type()}: ${message.text()} (${url})`);
  });
  page.on("pageerror", (error) => complain(`thrown: ${error.stack || `${error.name}: ${error.message}`}`));
  page.on("crash", () => complain("the tab crashed"));
  context.on("request", (request) => {
    requests.push(request);
    const { href } = new URL(request.url());
    if (!origins.some((origin) => href.startsWith(`${origin}/`))) complain(`a request off the origin: ${href}`);
  });
  return {
    page,
    requests,
    problems,
    allow: (pattern) => void allowed.push(pattern),
    close: () => context.close(),
  };
}

async function openIn(browser: Browser, origin: string, person: Person | undefined, look: Look): Promise<Visit> {
  const { theme = "light", width = 1440, height = 900, still = true, scale = 1, elsewhere } = look;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: still ? "reduce" : "no-preference",
    deviceScaleFactor: scale,
    ignoreHTTPSErrors: elsewhere !== undefined,
    locale: "en-US",
    timezoneId: "UTC",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(30_000);
  await context.addInitScript(onViolation);
  if (person) await signIn(context, person);
  return watch(context, await context.newPage(), elsewhere === undefined ? [origin] : [origin, elsewhere]);
}

/** One browser for a test file. */
export function useBrowser(): Watcher {
  let browser: Browser | undefined;
  const visits = new Set<Visit>();
  let before: ReadonlySet<Visit> = new Set();
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: quiet });
  });
  beforeEach(() => {
    before = new Set(visits);
  });
  afterEach(async () => {
    const problems = [...visits].flatMap((visit) => visit.problems.splice(0));
    for (const visit of visits) {
      if (before.has(visit)) continue;
      visits.delete(visit);
      await visit.close();
    }
    if (problems.length > 0) throw new Error(`the console complained:\n${[...new Set(problems)].join("\n")}`);
  });
  afterAll(() => browser?.close());
  return {
    open: async (origin, person, look = {}) => {
      if (!browser) throw new Error("the browser starts with the first test");
      const visit = await openIn(browser, origin, person, look);
      visits.add(visit);
      return visit;
    },
  };
}
