import type { ImportsWorkspace } from "./documents.ts";

type Api = NonNullable<ImportsWorkspace["resources"]>["nodes"][number];

/** What an example grants: an API of the workspace, or one that nobody has. */
function accessOf(api: Api | undefined): { readonly resource: string; readonly scopes: readonly string[] } {
  if (!api) return { resource: "https://orders.example.com", scopes: ["orders:read"] };
  return { resource: api.identifier, scopes: (api.scopes ?? []).slice(0, 2).map(({ name }) => name) };
}

/** A CSV file with two clients, to begin with. Pure. */
export function csvExample(api?: Api): string {
  const { resource, scopes } = accessOf(api);
  const lines = [
    ["name", "resource", "scopes", "description"],
    ["sensor-0001", resource, scopes.join(" "), "Hall 1"],
    ["sensor-0002", resource, scopes.slice(0, 1).join(" "), "Hall 2"],
  ];
  return lines.map((fields) => `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")}\r\n`).join("");
}

/** The same as NDJSON. Pure. */
export function ndjsonExample(api?: Api): string {
  const { resource, scopes } = accessOf(api);
  const clients = [
    { name: "sensor-0001", description: "Hall 1", grants: [{ resource, scopes }] },
    { name: "sensor-0002", description: "Hall 2", grants: [{ resource, scopes: scopes.slice(0, 1) }] },
  ];
  return clients.map((client) => `${JSON.stringify(client)}\n`).join("");
}

/** What a file is, by the ending of its name. */
export function formatOf(name: string): "CSV" | "NDJSON" | undefined {
  if (/\.csv$/i.test(name)) return "CSV";
  return /\.(?:ndjson|jsonl)$/i.test(name) ? "NDJSON" : undefined;
}

export const mediaTypes = { CSV: "text/csv", NDJSON: "application/x-ndjson" } as const;
