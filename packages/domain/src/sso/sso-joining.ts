import type { SsoJoining } from "./sso-provider-row.ts";

/** Why somebody who is no member does not become one by signing in. */
export type JoiningProblem = "not_invited" | "no_email" | "email_unverified" | "email_domain";

/** Whether they may. Pure. An address counts here only where the provider says that it checked it. */
export function joiningProblem(
  { joining, emailDomains }: { readonly joining: SsoJoining; readonly emailDomains: readonly string[] },
  { email, emailVerified }: { readonly email: string | undefined; readonly emailVerified: boolean },
  isInvited: boolean,
): JoiningProblem | undefined {
  if (joining === "invited" && !isInvited) return "not_invited";
  if (emailDomains.length === 0) return undefined;
  if (email === undefined) return "no_email";
  if (!emailVerified) return "email_unverified";
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  return emailDomains.includes(domain) ? undefined : "email_domain";
}
