import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { openLink, type PostgresLink } from "../support/postgres-link.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, basic, type Credentials, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let link: PostgresLink;
let other: TestReplica;

beforeAll(async () => {
  const { server } = world;
  link = await openLink(server.database.appUrl);
  other = await startReplica(server, { DATABASE_URL: link.through(server.database.appUrl) });
}, 120_000);
afterAll(async () => {
  await other?.destroy();
  await link?.close();
});

/** The words of what follows the feed. */
const FEED = "feed_shards";

/** The same client at the other server: an issuer answers on every origin. */
const there = <T extends Credentials>(client: T): T => ({
  ...client,
  tokenEndpoint: client.tokenEndpoint.replace(world.origin, other.origin),
});
const introspect = async (client: Credentials, token: string): Promise<unknown> => {
  const url = client.tokenEndpoint.replace(/token$/, "introspect");
  return (await post(url, { token }, [basic(client)])).json()["active"];
};
const newClient = (): Promise<StoryClient> => world.tenant().workspace().resource("orders", ["read", "write"]).client();
let strangers = 0;
/** Mends the link, and waits until the other server asks the database again. */
async function mend(client: Credentials): Promise<void> {
  link.mend();
  const stranger = () => askToken(there({ ...client, clientId: `stranger-${strangers++}` }));
  await eventually(
    async () => (await stranger()).status,
    (status) => status === 401,
    20,
  );
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("a server that does not hear of changes says 503 to whom it does not know, and grants go on", async () => {
  const client = await newClient();
  await fetchToken(there(client));
  link.cut(FEED);
  try {
    const stranger = { ...client, clientId: "cli_00000000000000" };
    const answers = await Promise.all([client, stranger].map((one) => askToken(there(one))));
    expect(answers.map(({ status }) => status)).toEqual([200, 503]);
    expect(Number(answers[1]?.headers["retry-after"])).toBeGreaterThan(0);
  } finally {
    await mend(client);
  }
});

/** Gives a client a key. @returns what makes the form of a request by a new assertion */
async function signer({ id, clientId, workspace: { admin, issuer } }: StoryClient) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = JSON.stringify(await exportJWK(publicKey));
  await admin.must("createClientKey", { clientId: id, publicKey: jwk }, "clientKey { id }");
  return async () => ({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await new SignJWT({ iss: clientId, sub: clientId, aud: issuer })
      .setProtectedHeader({ alg: "ES256" })
      .setExpirationTime("1m")
      .setJti(randomUUID())
      .sign(privateKey),
  });
}

test("[B12] the answer of the database to an assertion's record is lost → the token all the same, recorded once", async () => {
  const client = await newClient();
  const form = await signer(client);
  const ask = async () => post(there(client).tokenEndpoint, await form());
  // The first one lets the statement be planned: from then on it and its rows travel together.
  expect((await ask()).status).toBe(200);
  const lost = link.loseAnswer('"replays"');
  const [answer] = await Promise.all([ask(), lost]);
  expect(answer.status).toBe(200);
  const jti = String(decodeJwt(String(answer.json()["access_token"])).claims["jti"]);
  const sql = postgres(world.server.database.appUrl, { max: 1 });
  const [log, replay] = [
    await sql`select outcome from token_log where jti = ${jti}`,
    await sql`select 1 from replay_ids where token_jti = ${jti}`,
  ];
  await sql.end();
  expect([log.map(({ outcome }) => outcome), replay.length]).toEqual([["issued"], 1]);
});

test("incident 10: one assertion at two servers, twenty times at once → one token", async () => {
  const client = await newClient();
  const next = await signer(client);
  // After an answer was lost, that server's records go to its disk for a moment: what may be used once waits.
  await eventually(
    async () => (await post(there(client).tokenEndpoint, await next())).status,
    (status) => status === 200,
  );
  const form = await next();
  const both = [client.tokenEndpoint, there(client).tokenEndpoint];
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => post(both[at % 2] ?? "", form)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(401)]);
  for (const endpoint of both) expect((await post(endpoint, form)).status).toBe(401);
});

test("a DPoP nonce of one server → taken at the other; one of neither → use_dpop_nonce", async () => {
  const client = await newClient();
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  const ask = async (at: StoryClient, nonce?: string) => {
    const proof = await new SignJWT({
      jti: randomUUID(),
      htm: "POST",
      htu: client.tokenEndpoint,
      ...(nonce && { nonce }),
    })
      .setIssuedAt()
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
      .sign(privateKey);
    return post(at.tokenEndpoint, { grant_type: "client_credentials" }, [basic(client), ["DPoP", proof]]);
  };
  for (const [maker, taker] of [
    [client, there(client)],
    [there(client), client],
  ] as const) {
    const first = await ask(maker);
    expect([first.status, first.json()["error"]]).toEqual([400, "use_dpop_nonce"]);
    const nonce = String(first.headers["dpop-nonce"]);
    expect((await ask(taker, nonce)).status).toBe(200);
    const forged = `${nonce.slice(0, -1)}${nonce.endsWith("A") ? "B" : "A"}`;
    expect((await ask(taker, forged)).json()["error"]).toBe("use_dpop_nonce");
  }
});

test("[A8] emergency: a signing key revoked at one server leaves the other one's set, and signs there no more", async () => {
  const client = await newClient();
  const kid = String(decodeJwt(await fetchToken(there(client))).header["kid"]);
  const set = there(client).tokenEndpoint.replace("oauth2/token", ".well-known/jwks.json");
  expect((await send(set)).body).toContain(kid);
  await client.workspace.admin.must("revokeSigningKey", { workspaceId: client.workspace.id, kid }, "workspace { id }");
  await eventually(
    () => send(set),
    ({ body }) => !body.includes(kid),
    5,
  );
  expect(decodeJwt(await fetchToken(there(client))).header["kid"]).not.toBe(kid);
});

/** Takes back all tokens so far, at this server. @returns the cut-off */
type CutOff = (client: StoryClient) => Promise<string>;
const cutOffs: Readonly<Record<"client" | "workspace", CutOff>> = {
  async client({ id, workspace: { admin } }) {
    const { client } = await admin.must("revokeClientTokens", { id }, "client { tokensNotBefore }");
    return (client as { tokensNotBefore: string }).tokensNotBefore;
  },
  async workspace({ workspace: { id: workspaceId, admin } }) {
    const made = await admin.must("revokeWorkspaceTokens", { workspaceId }, "workspace { tokensNotBefore }");
    return (made["workspace"] as { tokensNotBefore: string }).tokensNotBefore;
  },
};
const kinds = ["client", "workspace"] as const;

/** A token of the other server, issued after a cut-off that this server set and that one cannot have heard of. */
async function overtakenToken(
  client: StoryClient,
  kind: keyof typeof cutOffs,
  ...cutWords: readonly string[]
): Promise<string> {
  await fetchToken(there(client));
  link.cut(...cutWords);
  const notBefore = Date.parse(await cutOffs[kind](client));
  await pause(notBefore - Date.now() + 100);
  const token = await fetchToken(there(client));
  expect(Number(decodeJwt(token).claims["iat"]) * 1000).toBeGreaterThanOrEqual(notBefore);
  return token;
}

test.each(kinds)(
  "[A8] a token issued after the cut-off of its %s by a server that was cut off from the database ends when its record comes",
  async (kind) => {
    const client = await newClient();
    const token = await overtakenToken(client, kind);
    // Here it looks like one of afterwards.
    expect(await introspect(client, token)).toBe(true);
    await mend(client);
    await eventually(
      () => introspect(client, token),
      (active) => active === false,
      20,
    );
    await eventually(
      () => introspect(there(client), token),
      (active) => active === false,
    );
    const later = await fetchToken(there(client));
    expect([await introspect(client, later), await introspect(there(client), later)]).toEqual([true, true]);
  },
);

test.each(kinds)(
  "[A8] a token issued after the cut-off of its %s by a server that only did not hear of it ends when it hears",
  async (kind) => {
    const client = await newClient();
    const token = await overtakenToken(client, kind, FEED);
    expect(await introspect(client, token)).toBe(true);
    await mend(client);
    await eventually(
      () => introspect(client, token),
      (active) => active === false,
      20,
    );
    const later = await fetchToken(there(client));
    expect(await introspect(client, later)).toBe(true);
  },
);

test("[A8] the same token, whose record the database refuses for ever, ends all the same when that record is set aside", async () => {
  const client = await newClient();
  const sql = postgres(world.server.database.ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    const token = await overtakenToken(client, "client");
    await sql.unsafe(
      `alter table token_log add constraint nothing_spoilt check (client_id is distinct from '${client.clientId}') not valid`,
    );
    expect(await introspect(client, token)).toBe(true);
    link.mend();
    await eventually(
      () => introspect(client, token),
      (active) => active === false,
      20,
    );
    const folder = join(other.env["DATA_DIR"] ?? "", "spool");
    expect((await readdir(folder)).filter((name) => name.endsWith(".rows"))).toHaveLength(1);
    expect(await sql`select from token_log where jti = ${String(decodeJwt(token).claims["jti"])}`).toHaveLength(0);
  } finally {
    await sql`alter table token_log drop constraint if exists nothing_spoilt`;
    await sql.end();
    await mend(client);
  }
});

test("[A8] the same token of a server that died before it heard anything ends when its record is found", async () => {
  const client = await newClient();
  const token = await overtakenToken(client, "client");
  expect(await introspect(client, token)).toBe(true);
  await other.stop("SIGKILL");
  link.mend();
  await other.restart();
  await eventually(
    () => introspect(client, token),
    (active) => active === false,
  );
  expect(await introspect(client, await fetchToken(there(client)))).toBe(true);
});
