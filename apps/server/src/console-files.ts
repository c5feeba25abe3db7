import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative, sep } from "node:path";

/** What a browser says beside the path: header values as they came. */
export interface ConsoleRequest {
  readonly encodings?: string | undefined;
  readonly cookies?: string | undefined;
}

/** A file of the console below `/console/`, or its page, for every other path. */
export type ConsoleFiles = (path: string, request?: ConsoleRequest) => Response;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** No inline script or style, nothing from elsewhere, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const guards = {
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  // An invitation's code stands in the address.
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

const NOT_BUILT = "The console is not built here. Everything can be done through the GraphQL API: see the README.\n";

/** The folder with the built console: found from this file, and from the bundle that holds a copy of it. */
function consoleFolder(): string | undefined {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const folder = join(at, "apps", "console", "dist");
    if (existsSync(join(folder, "index.html"))) return folder;
    if (at === dirname(at)) return undefined;
  }
}

interface ConsoleFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  /** The same, packed when it was built, the smallest first. */
  readonly packed: readonly { readonly encoding: string; readonly bytes: Buffer<ArrayBuffer> }[];
}

/** Names of the packed copies that the build lays beside a file, the smallest first. */
const packings = { br: ".br", gzip: ".gz" } as const;
const isPacked = (path: string): boolean => Object.values(packings).some((ending) => path.endsWith(ending));

function filesIn(folder: string): ReadonlyMap<string, ConsoleFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(folder, file).split(sep).join("/"), readFileSync(file)] as const;
    }),
  );
  const packedOf = (path: string) =>
    Object.entries(packings).flatMap(([encoding, ending]) => {
      const copy = bytes.get(path + ending);
      return copy ? [{ encoding, bytes: copy }] : [];
    });
  const plain = [...bytes].filter(([path]) => !isPacked(path));
  return new Map(
    plain.map(([path, content]) => {
      const packed = packedOf(path);
      // Names below assets/ change with their content.
      const cache = path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
      const headers = {
        ...guards,
        "Content-Type": types[extname(path)] ?? "application/octet-stream",
        "Cache-Control": cache,
        ...(packed.length > 0 ? { Vary: "Accept-Encoding" } : {}),
      };
      return [path, { bytes: content, headers, packed }];
    }),
  );
}

/** What a browser takes; a coding with `q=0` is one that it does not (RFC 9110 §12.5.3). */
const isAccepted = (encoding: string, header: string): boolean =>
  header.split(",").some((one) => {
    const [name = "", ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
    return name === encoding && !parameters.some((part) => /^q=0(?:\.0*)?$/.test(part));
  });

function answer({ bytes, headers, packed }: ConsoleFile, encodings = ""): Response {
  const copy = packed.find(({ encoding }) => isAccepted(encoding, encodings));
  if (!copy) return new Response(bytes, { headers });
  return new Response(copy.bytes, { headers: { ...headers, "Content-Encoding": copy.encoding } });
}

/** The page as it begins in each theme that a person may have chosen: the first thing to be seen has its colour. */
function pagesOf({ bytes, headers }: ConsoleFile): (cookies?: string) => Response {
  const html = bytes.toString("utf8");
  const page = (theme: string) => Buffer.from(html.replace("<html", `<html data-theme="${theme}"`));
  const chosen: Readonly<Record<string, Buffer<ArrayBuffer>>> = { light: page("light"), dark: page("dark") };
  return (cookies = "") => {
    const [, theme = ""] = /(?:^|;\s*)theme=(light|dark)(?:;|$)/.exec(cookies) ?? [];
    return new Response(chosen[theme] ?? bytes, { headers: { ...headers, "Cache-Control": "no-store" } });
  };
}

/**
 * Reads the built console into memory, so that no path of a request ever reaches the file system. An unknown path is
 * the console's own affair and gets its page; an unknown asset is not there.
 */
export function readConsole(folder: string | undefined = consoleFolder()): ConsoleFiles {
  const isBuilt = folder !== undefined && existsSync(folder);
  const files = isBuilt ? filesIn(folder) : new Map<string, ConsoleFile>();
  const missing = (text: string) =>
    new Response(text, {
      status: 404,
      headers: { ...guards, "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8" },
    });
  const index = files.get("index.html");
  const page = index && pagesOf(index);
  return (path, { encodings, cookies } = {}) => {
    const file = files.get(path);
    if (file && file !== index) return answer(file, encodings);
    if (path.startsWith("assets/")) return missing("There is no such file.\n");
    return page ? page(cookies) : missing(NOT_BUILT);
  };
}
