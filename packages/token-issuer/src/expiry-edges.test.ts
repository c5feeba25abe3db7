import { generateKeyPairSync, randomUUID } from "node:crypto";
import { exportJWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { readKeySet } from "./client-auth/read-key-set.ts";
import { isFailure } from "./index.ts";
import { basic, clientId, getToken, newWorld, orders, path, post, url } from "./testing/world.ts";

type World = Awaited<ReturnType<typeof newWorld>>;
const grant = { grant_type: "client_credentials", resource: orders };
const introspecting: [string, string][] = [basic("orders-api", "orders-api-secret")];
const seconds = ({ clock }: World) => Math.floor(clock.now().getTime() / 1000);
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A JWT of that moment. */
const assertion = (world: World, claims: object): Promise<string> =>
  new SignJWT({ jti: randomUUID(), iat: seconds(world), exp: seconds(world) + 60, ...claims } as never)
    .setProtectedHeader({ alg: "ES256", kid: "k" })
    .sign(privateKey);

const byAssertion = async ({ issuer }: World, client_assertion: string): Promise<boolean> => {
  const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const asked = { ...grant, client_id: clientId, client_assertion_type, client_assertion };
  return (await post(issuer.token, asked, [])).status === 200;
};

/** When a thing counts: from its making and for ever, where nothing is said. */
interface Life {
  readonly notBefore?: Date;
  readonly expiresAt?: Date;
}
type Make = (world: World, life: Life) => Promise<() => Promise<boolean>>;

/** Things with a beginning and an end of their own: each is made with them, and answers whether it is good at the moment. */
const spans: Readonly<Record<string, Make>> = {
  "a client secret": async ({ store, workspace, issuer }, life) => {
    const { value } = store.addSecret(workspace, clientId, life);
    return async () => (await post(issuer.token, grant, [basic(clientId, value)])).status === 200;
  },
  "a client's key": async (world, life) => {
    const publicJwk = await exportJWK(publicKey);
    world.store.addKey(world.workspace, clientId, { publicJwk, kid: "k", ...life });
    return async () => byAssertion(world, await assertion(world, { iss: clientId, sub: clientId, aud: url }));
  },
  "a federated credential": async (world, life) => {
    const keys = await readKeySet({ keys: [{ ...(await exportJWK(publicKey)), kid: "k" }] });
    const said = { issuer: "https://platform.example", claims: { sub: "job" }, keys };
    world.store.addFederatedCredential(world.workspace, clientId, { ...said, ...life });
    return async () => byAssertion(world, await assertion(world, { iss: said.issuer, sub: "job", aud: url }));
  },
};
const things: Readonly<Record<string, Make>> = {
  ...spans,
  "an API token": async ({ store, workspace, issuer }, { expiresAt }) => {
    const { value } = store.addApiToken(workspace, clientId, { ...(expiresAt && { expiresAt }) });
    return async () => (await post(issuer.introspect, { token: value }, introspecting)).json["active"] === true;
  },
};

/** Instants at which something is easily miscounted. */
const ends: Readonly<Record<string, string>> = {
  "an ordinary day": "2026-06-01T12:00:00Z",
  "the hour that is left out in spring": "2026-03-29T01:00:00Z",
  "the hour that comes twice in autumn": "2026-10-25T01:00:00Z",
  "the end of a leap day": "2028-02-29T23:59:59.999Z",
  "the second after which 32 bits are full": "2038-01-19T03:14:07Z",
  "the second after that": "2038-01-19T03:14:08Z",
  "a day in 2040": "2040-01-01T00:00:00Z",
};

/** Moves the clock to so many milliseconds after an instant. */
function goTo({ clock }: World, at: string, milliseconds: number): void {
  clock.advance((Date.parse(at) + milliseconds - clock.now().getTime()) / 1000);
}

describe("incident 13: the end of a thing is its first moment without it", () => {
  describe.each(Object.entries(things))("%s", (_, make) => {
    test.each(Object.entries(ends))("that ends at %s", async (_, at) => {
      const world = await newWorld({ clientAuthenticationMethods: [...methods] });
      const isGood = await make(world, { expiresAt: new Date(at) });
      const answers: boolean[] = [];
      for (const milliseconds of [-1000, -1, 0, 1000]) {
        goTo(world, at, milliseconds);
        answers.push(await isGood());
      }
      expect(answers).toEqual([true, true, false, false]);
    });

    test("that never ends is good on each of these days, and on the last day of 9999", async () => {
      const world = await newWorld({ clientAuthenticationMethods: [...methods] });
      const isGood = await make(world, {});
      for (const at of [...Object.values(ends), "9999-12-31T23:59:00Z"]) {
        goTo(world, at, 0);
        expect([at, await isGood()]).toEqual([at, true]);
      }
    });

    test.each([new Date(0), new Date(-1), new Date("0001-01-01T00:00:00Z")])(
      "that ended at %s is not good",
      async (end) => {
        const world = await newWorld({ clientAuthenticationMethods: [...methods] });
        const isGood = await make(world, { expiresAt: end });
        expect(await isGood()).toBe(false);
      },
    );
  });

  describe.each(Object.entries(spans))("%s", (_, make) => {
    test.each(Object.entries(ends))("that begins at %s is good from that moment on", async (_, at) => {
      const world = await newWorld({ clientAuthenticationMethods: [...methods] });
      const isGood = await make(world, { notBefore: new Date(at) });
      const answers: boolean[] = [];
      for (const milliseconds of [-1000, -1, 0, 1000]) {
        goTo(world, at, milliseconds);
        answers.push(await isGood());
      }
      expect(answers).toEqual([false, false, true, true]);
    });
  });

  test.each(Object.entries(ends))("an access token that ends at %s", async (_, at) => {
    const world = await newWorld();
    // Whole seconds, as `exp` has them.
    const end = new Date(Math.floor(Date.parse(at) / 1000) * 1000).toISOString();
    goTo(world, end, -900_000);
    const token = await getToken(world.issuer);
    const answers: boolean[] = [];
    for (const milliseconds of [-1000, -1, 0, 1000]) {
      goTo(world, end, milliseconds);
      answers.push(!isFailure(await world.issuer.check(path, token, orders)));
    }
    expect(answers).toEqual([true, true, false, false]);
  });
});

const methods = ["client_secret_basic", "private_key_jwt", "federated_jwt"] as const;
