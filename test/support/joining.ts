import type { GraphQL } from "./graphql.ts";
import type { SignedInPerson } from "./member.ts";
import { codeIn, freshPassword, newPerson } from "./person.ts";

/** A role as an invitation gives it. */
export interface InvitedRole {
  readonly roleId: string;
  readonly targetWorkspaceId?: string;
  readonly everywhere?: boolean;
}

/** Makes a link; answers it and the invitation's id. */
export async function inviteAs(
  inviter: GraphQL,
  roles: readonly InvitedRole[],
): Promise<{ readonly id: string; readonly link: string }> {
  const made = await inviter.must("createInvitation", { roles }, "invitation { id } secret");
  return { id: (made["invitation"] as { id: string }).id, link: String(made["secret"]) };
}

let count = 0;

/** Somebody new uses a link: they have an account, and are signed in. */
export async function useLink(link: string, tenant: string): Promise<SignedInPerson> {
  const person = newPerson(new URL(link).origin);
  const [email, password] = [`joined-${++count}-${Date.now()}@example.com`, freshPassword()];
  const form = { code: codeIn(link), name: `Joined ${count}`, email, password };
  const answer = await person.auth("/invitation/accept", form);
  if (answer.status !== 201) throw new Error(`nobody joined: ${answer.status} ${answer.body}`);
  const { tenants } = (await person.auth("/account")).json() as { tenants: { slug: string; memberId: string }[] };
  return { ...person, email, password, memberId: tenants.find(({ slug }) => slug === tenant)?.memberId ?? "" };
}

/** Invites somebody, who joins. */
export const joinAs = async (
  inviter: GraphQL,
  roles: readonly InvitedRole[],
  tenant: string,
): Promise<SignedInPerson> => useLink((await inviteAs(inviter, roles)).link, tenant);
