import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { codeIn, freshPassword, newPerson, type Person } from "./person.ts";
import type { TestServer } from "./server.ts";

/** Somebody with an account, and a browser that is signed in to it. */
export interface SignedInPerson extends Person {
  readonly email: string;
  readonly password: string;
  /** Their member id in the tenant they were made for. */
  readonly memberId: string;
}

const enter = async (origin: string, email: string, password: string): Promise<Person> => {
  const person = newPerson(origin);
  const answer = await person.auth("/sign-in", { email, password });
  if (answer.status !== 200) throw new Error(`no sign-in: ${answer.status} ${answer.body}`);
  return person;
};

/** Runs SQL as the database's owner. */
export async function inDatabase<T>(server: TestServer, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(server.database.ownerUrl, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

/** The first person: uses the link that bootstrap printed. */
export async function signInOwner(server: TestServer): Promise<SignedInPerson> {
  const person = newPerson(server.origin);
  const [email, password] = ["owner@example.com", freshPassword()];
  const form = { code: codeIn(server.bootstrapped.ownerInvite), name: "Ada Owner", email, password };
  const answer = await person.auth("/invitation/accept", form);
  if (answer.status !== 201) throw new Error(`no owner: ${answer.status} ${answer.body}`);
  const { tenants } = (await person.auth("/account")).json() as { tenants: { memberId: string }[] };
  return { ...person, email, password, memberId: tenants[0]?.memberId ?? "" };
}

/** One role of a tenant's own workspace, everywhere or for one workspace. */
export interface MemberRole {
  readonly name: string;
  readonly targetWorkspaceId?: string;
}

/**
 * One more member of a tenant, signed in. Made past the server, with the owner's password: quicker than a link and a
 * slow hash, where joining is not what the test is about.
 */
export async function signInMember(
  server: TestServer,
  owner: SignedInPerson,
  tenant: string,
  roles: readonly MemberRole[],
): Promise<SignedInPerson> {
  const mark = randomBytes(7).toString("hex");
  const [userId, memberId, email] = [`usr_${mark}`, `mem_${mark}`, `${mark}@example.com`];
  await inDatabase(server, async (sql) => {
    await sql`insert into users (id, name, email) values (${userId}, ${`Member ${mark}`}, ${email})`;
    await sql`insert into accounts (id, user_id, account_id, provider_id, password)
      select ${`acc_${mark}`}, ${userId}, ${userId}, 'credential', a.password
      from accounts a join users u on u.id = a.user_id where u.email = ${owner.email}`;
    await sql`insert into members (tenant_id, id, user_id, display_name)
      select id, ${memberId}, ${userId}, ${`Member ${mark}`} from tenants where slug = ${tenant}`;
    for (const [at, { name, targetWorkspaceId }] of roles.entries())
      await sql`insert into assignments (tenant_id, workspace_id, id, role_id, member_id, target_all, target_workspace_id)
        select r.tenant_id, r.workspace_id, ${`asg_${mark.slice(0, 13)}${at}`}, r.id, ${memberId},
          ${targetWorkspaceId === undefined}, ${targetWorkspaceId ?? null}
        from roles r join tenants t on t.id = r.tenant_id where t.slug = ${tenant} and r.is_built_in and r.name = ${name}`;
  });
  const person = await enter(server.origin, email, owner.password);
  return { ...person, email, password: owner.password, memberId };
}

/** Makes the address one that its person confirmed, past the server. */
export const confirmAddress = (server: TestServer, { email }: Pick<SignedInPerson, "email">): Promise<unknown> =>
  inDatabase(server, (sql) => sql`update users set email_verified = true where email = ${email}`);

/** The same person in another browser. */
export const signInAgain = (
  server: Pick<TestServer, "origin">,
  { email, password }: Pick<SignedInPerson, "email" | "password">,
): Promise<Person> => enter(server.origin, email, password);
