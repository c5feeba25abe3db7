import type { SsoEntryProblem } from "@mintmark/domain";
import type { OpenIdProblem } from "./open-id.ts";

/** Why somebody did not get in by single sign-on. The reason stands in the audit log as well. */
export type SsoProblem =
  | OpenIdProblem
  | SsoEntryProblem
  | "another_person"
  | "no_fresh_proof"
  | "no_session"
  | "denied";

interface Words {
  readonly status: 400 | 403 | 502;
  readonly message: string;
  readonly fix: string;
}

const again = "Begin again at the sign-in page. If it stays so, ask an owner of the tenant.";
const askOwner = "Ask an owner of the tenant.";
const owners = "Try again shortly. Owners get in with their password meanwhile.";

/** The provider does not work as it should: whoever set it up has something to mend. */
const faulty = (name: string, what: string): Words => ({
  status: 502,
  message: `${name} ${what}, so nobody can sign in with it now.`,
  fix: owners,
});
const unbelieved = (name: string, what: string): Words => ({
  status: 400,
  message: `What ${name} says of you is not believed: ${what}.`,
  fix: again,
});
const turnedAway = (message: string, fix: string): Words => ({ status: 403, message, fix });

/** What is said to the person, who sees a provider's name and none of its answers. */
export function ssoWords(problem: SsoProblem, name: string): Words {
  switch (problem) {
    case "address":
    case "metadata":
      return faulty(name, "does not say where and how to sign in as it should");
    case "not_public":
      return faulty(name, "is not on the public internet, and this server was not told to reach it (EGRESS_ALLOW)");
    case "certificate":
      return faulty(name, "shows a certificate that this server does not trust");
    case "unreachable":
    case "slow":
    case "busy":
      return faulty(name, "cannot be reached");
    case "redirect":
    case "status":
    case "type":
    case "too_large":
    case "json":
      return faulty(name, "does not answer as an OpenID provider");
    case "issuer_differs":
      return faulty(name, "calls itself by another name than the tenant trusts");
    case "no_keys":
      return faulty(name, "publishes no key that can be used here");
    case "no_id_token":
      return faulty(name, "does not say who signed in");
    case "code":
      return { status: 400, message: `${name} did not accept this sign-in.`, fix: again };
    case "denied":
      return {
        status: 400,
        message: `${name} did not sign you in.`,
        fix: "Begin again, or ask whoever looks after it.",
      };
    case "answer_issuer":
      return unbelieved(name, "the answer came from somebody else");
    case "malformed":
    case "kind":
      return unbelieved(name, "it is no ID token");
    case "algorithm":
    case "unknown_key":
      return unbelieved(name, "it is not signed by a key of this provider");
    case "issuer":
      return unbelieved(name, "it was made by somebody else");
    case "audience":
    case "authorized_party":
      return unbelieved(name, "it was made for somebody else than this server");
    case "subject":
      return unbelieved(name, "it names nobody");
    case "expired":
    case "old":
      return unbelieved(name, "it has ended");
    case "early":
      return unbelieved(name, "it begins in the future");
    case "nonce":
      return unbelieved(name, "it belongs to another sign-in");
    case "not_invited":
      return turnedAway(
        `${name} knows you, and you are no member of this tenant: people join it by invitation.`,
        "Ask an owner of the tenant for an invitation, and open its link.",
      );
    case "removed":
      return turnedAway("You were removed from this tenant.", "Ask an owner of the tenant for a new invitation.");
    case "no_email":
      return turnedAway(`${name} does not say your e-mail address, and only some may join this tenant.`, askOwner);
    case "email_unverified":
      return turnedAway(`${name} does not say that it checked your e-mail address.`, askOwner);
    case "email_domain":
      return turnedAway("People with your e-mail address may not join this tenant.", askOwner);
    case "no_roles":
      return turnedAway(
        "Whoever set this sign-in up may no longer give the roles that it gives, so nobody new joins by it.",
        "Ask an owner of the tenant to save its settings anew.",
      );
    case "nobody_owns_server":
      return turnedAway(
        "Nobody owns this server yet.",
        "Its first owner comes by the set-up code or the link of `bootstrap`.",
      );
    case "provider_off":
      return turnedAway(`${name} was turned off.`, askOwner);
    case "another_person":
      return turnedAway(
        `At ${name} you are somebody else than here.`,
        "Sign in there as yourself, or sign out here first.",
      );
    case "no_fresh_proof":
      return turnedAway(
        `${name} does not say that you have just proved who you are.`,
        "Try again, and give it your password or passkey when it asks. If it stays so, ask an owner of the tenant.",
      );
    case "no_session":
      return turnedAway("The session that this was for has ended.", "Sign in again.");
  }
}
