import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import type { Request } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { postGraphQL } from "../support/graphql.ts";
import { bearer, fetchToken } from "../support/token.ts";
import { handsOn } from "./hands.ts";
import { copied, createClient, openCreate, sheet, testIt } from "./journey.ts";
import { pages, settled, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const schema = buildSchema(readFileSync(join(import.meta.dirname, "../../apps/server/schema.graphql"), "utf8"));

interface Sent {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}
interface Refused {
  readonly path: readonly string[];
  readonly extensions: { readonly code: string };
}
const pathOf = (request: Request) => new URL(request.url()).pathname;
const sentBy = (requests: readonly Request[]): Sent[] =>
  requests.filter((request) => pathOf(request) === "/graphql").map((request) => request.postDataJSON() as Sent);

/** Everything that is neither a file of the console nor GraphQL. */
const doors = (requests: readonly Request[]) =>
  requests.map(pathOf).filter((path) => path !== "/graphql" && !/^\/console\/(?!auth\/)/.test(path));

test("[C2] every page asks nothing but the public schema; a script with a client's token gets the same answer", async () => {
  const visit = await browser.open(stage().origin, stage().owner);
  for (const one of pages.filter((page) => viewerOf(page, stage()))) await visitPage(visit.page, one, stage());
  const others = doors(visit.requests).filter((path) => !/^\/console\/auth\/(account|sessions)$/.test(path));
  expect(others).toEqual([]);
  const sent = new Map(sentBy(visit.requests).map((one) => [one.query, one]));
  expect(sent.size).toBeGreaterThan(10);
  const { bootstrapped } = stage().world.server;
  const ask = async (one: Sent, client: typeof bootstrapped | typeof bootstrapped.system): Promise<Refused[]> => {
    const token = await fetchToken(client, { resource: client.resource });
    const answer = await postGraphQL(stage().world.graphqlUrl, one, [bearer(token)]);
    expect(answer.status).toBe(200);
    return (answer.json()["errors"] ?? []) as Refused[];
  };
  let ofSystem = 0;
  for (const one of sent.values()) {
    expect(validate(schema, parse(one.query))).toEqual([]);
    // A stream does not end by itself; who may open it is proved where it is.
    if (one.query.startsWith("subscription")) continue;
    const refused = await ask(one, bootstrapped);
    if (refused.length === 0) continue;
    // A session opens both APIs, a token one: what it does not open, the other API's token does.
    ofSystem++;
    expect(refused.map(({ extensions }) => extensions.code)).toEqual(refused.map(() => "WRONG_API"));
    const stillRefused = (await ask(one, bootstrapped.system)).map(({ path }) => path.join());
    expect(refused.map(({ path }) => path.join()).filter((path) => stillRefused.includes(path))).toEqual([]);
  }
  expect(ofSystem).toBe(3);
});

test("[C2] a client made and tested: one mutation of the public schema, then the token, keys and verify addresses; a script does the same", async () => {
  const visit = await browser.open(stage().origin, stage().owner);
  const { page, requests } = visit;
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  const hands = handsOn(page, "pointer");
  await openCreate(page, hands);
  await hands.press(sheet(page), "checkbox", /^ledger:read/);
  await createClient(page, hands, "scripted");
  await copied(page, hands, "client secret");
  await testIt(page, hands);
  const others = new Set(
    doors(requests).map((path) => path.replace(`${new URL(stage().workspace.issuer).pathname}/`, "")),
  );
  expect([...others].sort()).toEqual([".well-known/jwks.json", "oauth2/token", "oauth2/verify"]);
  const [mutation, second] = sentBy(requests).filter(({ query }) => query.startsWith("mutation"));
  expect(second).toBeUndefined();
  expect(validate(schema, parse(mutation?.query ?? ""))).toEqual([]);
  const input = { ...(mutation?.variables?.["input"] as object), name: "scripted-again", clientMutationId: "script-1" };
  const { bootstrapped } = stage().world.server;
  const token = await fetchToken(bootstrapped, { resource: bootstrapped.resource });
  const body = { query: mutation?.query ?? "", variables: { input } };
  const answer = await postGraphQL(stage().world.graphqlUrl, body, [bearer(token)]);
  const { data } = answer.json() as { data: { createClient: { userErrors: unknown[]; client: object } } };
  expect(data.createClient).toMatchObject({ userErrors: [], client: { name: "scripted-again" } });
});
