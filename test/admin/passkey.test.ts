import { beforeAll, expect, test } from "vitest";
import { newAuthenticator } from "../support/authenticator.ts";
import { mutationDocument } from "../support/graphql.ts";
import { inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { codeIn, codeOf, freshPassword, newPerson, type Person, totpCode } from "../support/person.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();
let owner: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
});

const member = () => signInMember(world.server, owner, "root", [{ name: "auditor" }]);
const browser = () => newPerson(world.origin);

/** A member with a passkey, which it takes the password to add. */
async function withPasskey() {
  const person = await member();
  const authenticator = newAuthenticator();
  const options = (await person.auth("/passkey/registration", {})).json();
  const response = authenticator.create(options, world.origin);
  const added = await person.auth("/passkey/add", { response, name: "Key ring" });
  expect([added.status, added.body]).toEqual([201, expect.stringContaining("id")]);
  return { person, authenticator, id: String(added.json()["id"]) };
}

const challenge = async (person: Person) => (await person.auth("/passkey/challenge", {})).json();

test("a passkey → opens the account without a password, with a second factor too, and proves it freshly", async () => {
  const { person, authenticator } = await withPasskey();
  const { uri } = (await person.auth("/totp", { password: person.password })).json() as { uri: string };
  await person.auth("/totp/verify", { code: totpCode(uri) });
  const next = browser();
  const options = await challenge(next);
  expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
  expect(options["allowCredentials"] ?? []).toEqual([]);
  const answer = await next.auth("/passkey/sign-in", { response: authenticator.get(options, world.origin) });
  expect(answer.json()).toEqual({ done: true });
  const account = (await next.auth("/account")).json();
  expect(account).toMatchObject({ email: person.email, hasTotp: true, passkeys: [{ name: "Key ring" }] });
  const { type, actor } = await lastEvent(person.memberId);
  expect([type, actor]).toEqual(["member.signed-in", person.memberId]);
});

test("the proof is old → a passkey renews it", async () => {
  const { person, authenticator } = await withPasskey();
  await inDatabase(
    world.server,
    (sql) => sql`update sessions s set authenticated_at = now() - interval '1 hour'
      from members m where m.user_id = s.user_id and m.id = ${person.memberId}`,
  );
  expect(codeOf(await person.auth("/passkey/registration", {}))).toBe("STEP_UP_NEEDED");
  const response = authenticator.get(await challenge(person), world.origin);
  expect((await person.auth("/passkey/sign-in", { response })).status).toBe(200);
  expect((await person.auth("/passkey/registration", {})).status).toBe(200);
  expect((await person.auth("/sessions")).json()["sessions"]).toHaveLength(1);
});

test("not verified by the device, another origin, an answer used twice, another's challenge, another key → refused", async () => {
  const { authenticator } = await withPasskey();
  const refused = async (person: Person, response: unknown) => {
    const answer = await person.auth("/passkey/sign-in", { response });
    expect([answer.status, codeOf(answer)]).toEqual([401, "WRONG_CODE"]);
    expect((await person.auth("/account")).status).toBe(401);
  };
  const person = browser();
  await refused(person, authenticator.get(await challenge(person), world.origin, false));
  await refused(person, authenticator.get(await challenge(person), "http://localhost:1"));
  const response = authenticator.get(await challenge(person), world.origin);
  await refused(browser(), response);
  const other = browser();
  await challenge(other);
  await refused(other, response);
  await refused(person, newAuthenticator().get(await challenge(person), world.origin));
  for (const broken of [undefined, null, {}, "x", { ...response, id: 1 }, { ...response, response: {} }]) {
    await challenge(person);
    await refused(person, broken);
    expect(codeOf(await owner.auth("/passkey/add", { response: broken }))).toBe("WRONG_CODE");
  }
});

test("renamed and removed by its owner only; removed → opens nothing", async () => {
  const { person, authenticator, id } = await withPasskey();
  expect(codeOf(await owner.auth("/passkey/remove", { id }))).toBe("NOT_FOUND");
  expect(codeOf(await owner.auth("/passkey/rename", { id, name: "Mine" }))).toBe("NOT_FOUND");
  expect((await person.auth("/passkey/rename", { id, name: "Laptop" })).status).toBe(204);
  expect((await person.auth("/account")).json()).toMatchObject({
    passkeys: [{ id, name: "Laptop", isBackedUp: false }],
  });
  expect((await person.auth("/passkey/remove", { id })).status).toBe(204);
  const next = browser();
  const response = authenticator.get(await challenge(next), world.origin);
  expect(codeOf(await next.auth("/passkey/sign-in", { response }))).toBe("WRONG_CODE");
});

test("an account is reset while a session adds a passkey, and another signs in → neither outlives the reset", async () => {
  const { person, authenticator } = await withPasskey();
  const link = { input: { id: person.memberId } };
  const made = await owner.graphql("root", mutationDocument("createMemberResetLink", "secret"), link);
  const { data } = made.json() as { data: { createMemberResetLink: { secret: string } } };
  const reset = { code: codeIn(data.createMemberResetLink.secret), password: freshPassword() };
  const [victim, thief] = [browser(), browser()];
  const response = authenticator.get(await challenge(thief), world.origin);
  const another = newAuthenticator().create((await person.auth("/passkey/registration", {})).json(), world.origin);
  const { resetting, adding, entering } = await inDatabase(world.server, (sql) =>
    sql.begin(async (tx) => {
      const waiting = (many: number) =>
        expect
          .poll(async () => (await tx`select 1 from pg_locks where not granted`).length, { timeout: 10_000 })
          .toBeGreaterThanOrEqual(many);
      // The account is reset, but for the audit of it: both begin with what they find before that.
      await tx`select 1 from feed_shards for update`;
      const resetting = victim.auth("/invitation/accept", reset);
      await waiting(1);
      const adding = person.auth("/passkey/add", { response: another });
      const entering = thief.auth("/passkey/sign-in", { response });
      await waiting(3);
      return { resetting, adding, entering };
    }),
  );
  const answers = await Promise.all([resetting, adding, entering]);
  expect(answers.map(({ status }) => status)).toEqual([201, 401, 401]);
  expect((await victim.auth("/account")).json()).toMatchObject({ passkeys: [] });
  expect((await victim.auth("/sessions")).json()["sessions"]).toHaveLength(1);
});

async function lastEvent(actor: string): Promise<{ type: string; actor: string }> {
  const rows = await inDatabase(
    world.server,
    (sql) => sql<{ type: string; actor: string }[]>`select type, actor from audit_events
      where actor = ${actor} order by sequence desc limit 1`,
  );
  return rows[0] ?? { type: "none", actor: "" };
}
