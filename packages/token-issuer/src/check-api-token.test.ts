import { expect, test } from "vitest";
import { createTokenIssuer } from "./index.ts";
import { clientId, newWorld, orders, path, request, storeWith } from "./testing/world.ts";

const past = new Date("2026-02-01T00:00:00Z");
const value = (what: string) => `mmt_${what.padEnd(79, "0")}`;

test("incident 12: an API token that is unknown, expired or revoked costs the same looks; that of a dead client one for the client besides", async () => {
  const { store, clock, workspace } = await newWorld();
  store.addApiToken(workspace, clientId, { value: value("good") });
  store.addApiToken(workspace, clientId, { value: value("expired"), expiresAt: past });
  store.addApiToken(workspace, clientId, { value: value("revoked") });
  const revoked = await store.findApiToken(workspace, value("revoked"));
  if (revoked) await store.revokeApiToken(workspace, revoked);
  store.addClient(workspace, { clientId: "disabled" });
  store.addApiToken(workspace, "disabled", { value: value("disabled") });
  store.changeClient(workspace, "disabled", { status: "disabled" });
  let looks: string[] = [];
  const counting = storeWith(store, {
    findApiToken: (issuer, text) => {
      looks.push("token");
      return store.findApiToken(issuer, text);
    },
    findClient: (issuer, id) => {
      looks.push("client");
      return store.findClient(issuer, id);
    },
  });
  const issuer = createTokenIssuer({ store: counting, clock });
  const asked = async (what: string) => {
    looks = [];
    const query = new URLSearchParams({ resource: orders }).toString();
    const headers: [string, string][] = [["Authorization", `Token ${value(what)}`]];
    const { status } = await issuer.verify(path, request({ method: "GET", headers, query }));
    return [status, ...looks];
  };
  expect(await asked("good")).toEqual([200, "token", "client"]);
  // What refuses is looked at twice, and once more for whose use it was.
  const thrice = [401, "token", "token", "token"];
  for (const what of ["nobodys", "expired", "revoked"]) expect(await asked(what)).toEqual(thrice);
  expect(await asked("disabled")).toEqual([401, "token", "client", "token", "client", "token"]);
});
