import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative, sep } from "node:path";

/** A file of the console below `/console/`, or its page, for every other path. */
export type ConsoleFiles = (path: string) => Response;

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
}

function filesIn(folder: string): ReadonlyMap<string, ConsoleFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = relative(folder, file).split(sep).join("/");
      const type = types[extname(entry.name)] ?? "application/octet-stream";
      // Names below assets/ change with their content.
      const cache = path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
      return [
        path,
        { bytes: readFileSync(file), headers: { ...guards, "Content-Type": type, "Cache-Control": cache } },
      ];
    }),
  );
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
  return (path) => {
    const file = files.get(path);
    if (file) return new Response(file.bytes, { headers: file.headers });
    if (path.startsWith("assets/")) return missing("There is no such file.\n");
    const page = files.get("index.html");
    if (!page) return missing(NOT_BUILT);
    return new Response(page.bytes, { headers: { ...page.headers, "Cache-Control": "no-store" } });
  };
}
