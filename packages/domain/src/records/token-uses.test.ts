import { expect, test } from "vitest";
import { GatheredUses, shortScope } from "./token-uses.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `scope-${String(at).padStart(24, "0")}`);

test("a scope of kilobytes → as many whole names as fit, and that there are more; a short one stays as it is", () => {
  const all = names(200);
  const kept = shortScope(all.join(" "));
  expect(kept.length).toBeLessThanOrEqual(500);
  expect(kept.split(" ").at(-1)).toBe("…");
  expect(all.join(" ").startsWith(kept.slice(0, -2))).toBe(true);
  expect(all).toContain(kept.split(" ").at(-2));
  expect(shortScope("orders:read orders:write")).toBe("orders:read orders:write");
});

test("one client used from more addresses than are kept → its longest unused go, and others of its tenant have room", () => {
  const gathered = new GatheredUses();
  const use = (clientId: string, address: string, tenant = "ten_1") => {
    const how = { resource: "https://orders.example/", by: "introspection", scope: "read", at: new Date(0) } as const;
    return gathered.add(tenant, `wsp of ${tenant}`, { clientId, address, ...how });
  };
  for (let host = 0; host < 2000; host++) {
    use("cli_1", "first");
    use("cli_1", `10.0.0.${host}`);
  }
  expect(use("cli_2", "10.1.0.1")).toBe(true);
  const addresses = gathered.all.map(({ clientId, address, uses }) => `${clientId} ${address} ${uses}`);
  expect(addresses).toHaveLength(101);
  expect(addresses).toEqual(expect.arrayContaining(["cli_1 10.0.0.1999 1", "cli_1 first 2000", "cli_2 10.1.0.1 1"]));
  // Nor does a tenant with many clients take all.
  for (let client = 0; client < 2000; client++) use(`cli_${client}`, "10.0.0.1");
  expect(gathered.all).toHaveLength(1000);
  expect(use("cli_3", "10.0.0.1", "ten_2")).toBe(true);
});
