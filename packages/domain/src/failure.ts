import { type Permission, permissions } from "./authority/permission.ts";
import type { Noun } from "./id.ts";
import type { GeneratedType } from "./settings/generated-types.ts";

/** Every reason why an operation of the admin model is refused, with its evidence. Codes are stable. */
export type Failure =
  | { readonly code: "UNAUTHENTICATED" }
  | { readonly code: "FORBIDDEN"; readonly permission: Permission; readonly askRole: string }
  | { readonly code: "WORKSPACE_CLOSED"; readonly kind: "admin" | "system"; readonly owners?: readonly string[] }
  | { readonly code: "WRONG_API"; readonly permission: Permission; readonly api: "admin" | "system" }
  | { readonly code: "MORE_THAN_HELD"; readonly scopes: readonly string[] }
  | {
      readonly code: "NOT_FOUND";
      readonly noun: Noun | "signingKey" | "token";
      readonly id: string;
      readonly path: readonly string[];
    }
  | {
      readonly code: "INVALID_INPUT";
      readonly path: readonly string[];
      readonly problem: string;
      readonly mend: string;
    }
  | { readonly code: "ALREADY_EXISTS"; readonly noun: Noun; readonly path: readonly string[]; readonly value: string }
  /** Somebody changed what the caller had read; `added` and `removed`: in the meantime, by name. */
  | {
      readonly code: "CHANGED_MEANWHILE";
      readonly noun: Noun;
      readonly path: readonly string[];
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | { readonly code: "SLUG_RESERVED"; readonly path: readonly string[]; readonly slug: string }
  | { readonly code: "SLUG_RETIRED"; readonly path: readonly string[]; readonly slug: string }
  /** `type`: the setting names which types may be generated, and leaves this one out. */
  | { readonly code: "TURNED_OFF"; readonly noun: Noun; readonly setting: string; readonly type?: GeneratedType }
  | { readonly code: "LIMIT_REACHED"; readonly noun: Noun; readonly limit: number; readonly setting?: string }
  /** What the operator of the installation allows the tenant. */
  | { readonly code: "TENANT_LIMIT_REACHED"; readonly noun: "workspace" | "client"; readonly limit: number }
  | { readonly code: "PROTECTED"; readonly noun: Noun; readonly what: string; readonly mend: string }
  /** A client that holds no credential yet, or none any more, because nobody approved it. */
  | {
      readonly code: "APPROVAL_NEEDED";
      readonly path: readonly string[];
      /** Why somebody refused it; absent: it waits. */
      readonly reason?: string | undefined;
      readonly owners: readonly string[];
    }
  | { readonly code: "LAST_OWNER" }
  | { readonly code: "STEP_UP_NEEDED" }
  /** A one-time code is wrong, used, expired or tried too often: its holder is not told which. */
  | { readonly code: "CODE_INVALID"; readonly what: "set-up code" | "link" | "mailed link" }
  | { readonly code: "ALREADY_OWNED" }
  | { readonly code: "SIGN_IN_FIRST" }
  | { readonly code: "ALREADY_SHOWN" }
  | { readonly code: "MUTATION_ID_REUSED"; readonly clientMutationId: string }
  /** `whose`: as many as the caller, the tenant or this server may have open. */
  | { readonly code: "TOO_MANY_STREAMS"; readonly limit: number; readonly whose: "caller" | "tenant" | "server" };

export type FailureCode = Failure["code"];

/** The caller's view of a failure: what happened and why, and what to do. */
export interface FailureText {
  readonly message: string;
  readonly fix: string;
}

const words: Record<Noun | "signingKey" | "token", string> = {
  tenant: "tenant",
  workspace: "workspace",
  resource: "resource",
  scope: "scope",
  role: "role",
  assignment: "assignment",
  client: "client",
  clientSecret: "client secret",
  clientKey: "client key",
  clientCertificate: "client certificate",
  clientAuthority: "certificate authority",
  federatedCredential: "federated credential",
  apiToken: "API token",
  personalToken: "personal token",
  clientGrant: "client grant",
  initialAccessToken: "initial access token",
  member: "member",
  invitation: "invitation",
  ssoProvider: "single sign-on provider",
  signingKey: "signing key",
  token: "living token",
  user: "account",
  auditEvent: "audit event",
  logExport: "export",
  import: "import",
  webhook: "webhook",
  notice: "notice",
};

const typeWords: Record<GeneratedType, string> = {
  static_token: "static tokens",
  client_credentials: "client credentials",
};

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : `${noun}s`}`;
const withArticle = (word: string): string => `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;

/** Owners by name, where the caller may see names. */
export const whomToAsk = (owners: readonly string[] = []): string =>
  owners.length === 0
    ? "an owner of the tenant"
    : `an owner of the tenant (${owners.length > 1 ? `${owners.slice(0, -1).join(", ")} or ` : ""}${owners.at(-1)})`;

/** The sentence for the caller. Never holds a secret; input is echoed only where it names a row. */
export function describe(failure: Failure): FailureText {
  switch (failure.code) {
    case "UNAUTHENTICATED":
      return {
        message: "Nobody is signed in.",
        fix: "Send Authorization: Bearer with an access token of your tenant's admin or system workspace, or sign in to the console.",
      };
    case "FORBIDDEN":
      if (permissions[failure.permission].target === "self")
        return {
          message: "This is for a person who is signed in, and about their own things: no token does it.",
          fix: "Sign in to the console, and do it there.",
        };
      return {
        message: `This needs ${failure.permission}, which you do not hold here.`,
        fix: `Ask an ${failure.askRole} of the tenant for a role or a grant with ${failure.permission}.`,
      };
    case "WORKSPACE_CLOSED":
      return {
        message: `The ${failure.kind} workspace is closed: its clients and credentials are for owners and those assigned there.`,
        fix: `Ask ${whomToAsk(failure.owners)} to do this, or to assign you a role in that workspace.`,
      };
    case "WRONG_API":
      return {
        message: `${failure.permission} belongs to the ${failure.api === "admin" ? "Admin" : "System"} API, and your token is for the other one.`,
        fix: `Get a token from the ${failure.api} workspace with that workspace's API as resource.`,
      };
    case "MORE_THAN_HELD":
      return {
        message: `Nobody grants more than they hold; you lack ${failure.scopes.join(", ")}.`,
        fix: "Leave these out, or ask somebody who holds them.",
      };
    case "NOT_FOUND":
      return {
        message: `There is no ${words[failure.noun]} with this id that you may see.`,
        fix: "Check the id, and that it belongs to a workspace you have access to.",
      };
    case "INVALID_INPUT":
      return { message: failure.problem, fix: failure.mend };
    case "ALREADY_EXISTS":
      return {
        message: `There is already ${withArticle(words[failure.noun])} ${failure.value}.`,
        fix: "Use the existing one, or choose another name.",
      };
    case "CHANGED_MEANWHILE": {
      const { noun, added, removed } = failure;
      const said = [
        ...(added.length > 0 ? [`${added.join(", ")} came to it`] : []),
        ...(removed.length > 0 ? [`${removed.join(", ")} went from it`] : []),
      ];
      return {
        message: `This ${words[noun]} was changed after you read it: ${said.join("; ")}.`,
        fix: "Read it again, then decide anew.",
      };
    }
    case "SLUG_RESERVED":
      return { message: `The slug ${failure.slug} is reserved.`, fix: "Choose another slug." };
    case "SLUG_RETIRED":
      return {
        message: `The slug ${failure.slug} belonged to something that was deleted, and is never given again: its old tokens would come alive.`,
        fix: "Choose another slug.",
      };
    case "TURNED_OFF":
      if (failure.type !== undefined)
        return {
          message: `New ${typeWords[failure.type]} cannot be generated here: ${failure.setting} leaves ${failure.type.toUpperCase()} out. Existing ones keep working.`,
          fix: `Generate what ${failure.setting} names, or ask an owner or admin to add ${failure.type.toUpperCase()} to it.`,
        };
      return {
        message: `New ${words[failure.noun]}s cannot be made here: they are turned off (setting ${failure.setting}). Existing ones keep working.`,
        fix: `Ask an owner or admin to turn ${failure.setting} on.`,
      };
    case "LIMIT_REACHED": {
      const { limit, setting } = failure;
      return {
        message: `The limit of ${limit} is reached${setting ? ` (setting ${setting})` : ""}.`,
        fix: `Revoke or delete one first${setting ? `, or have ${setting} raised` : ""}.`,
      };
    }
    case "TENANT_LIMIT_REACHED":
      return {
        message: `This tenant may have at most ${counted(failure.limit, failure.noun)} (its ${failure.noun}Limit).`,
        fix: `Delete a ${failure.noun} first, or ask the operator of this installation to raise the tenant's limit.`,
      };
    case "PROTECTED":
      return { message: failure.what, fix: failure.mend };
    case "APPROVAL_NEEDED":
      return {
        message:
          failure.reason === undefined
            ? "This client waits for approval: until then it holds no credential and gets no token (setting clientApproval)."
            : `This client was refused: it holds no credential and gets no token. The reason was: ${failure.reason}`,
        fix: `Ask ${whomToAsk(failure.owners)}, or an admin, to approve it: that takes client:approve in its workspace.`,
      };
    case "LAST_OWNER":
      return {
        message: "The last owner who can sign in stays.",
        fix: "Make somebody else owner first, or give the owner another credential to sign in with before this one goes.",
      };
    case "STEP_UP_NEEDED":
      return {
        message: "This is a dangerous act, and you proved who you are more than 15 minutes ago.",
        fix: "Confirm with your password or a passkey, then do it again.",
      };
    case "CODE_INVALID":
      return {
        message: `This ${failure.what === "set-up code" ? "set-up code" : "link"} is wrong, was used, or has expired.`,
        fix: {
          link: "Ask whoever sent the link for a new one.",
          "mailed link": "Take the newest mail, or ask for another on the sign-in page.",
          "set-up code": "Take the newest one from the server's output; each start prints a new one.",
        }[failure.what],
      };
    case "ALREADY_OWNED":
      return { message: "This server has an owner already.", fix: "Sign in, or ask an owner to invite you." };
    case "SIGN_IN_FIRST":
      return {
        message: "There is an account with this e-mail address already.",
        fix: "Sign in to it, then open the link again.",
      };
    case "ALREADY_SHOWN":
      return {
        message: "This is a repeated call: it was done before, and a secret is shown only once.",
        fix: "If the secret is lost, create another one and revoke this one.",
      };
    case "MUTATION_ID_REUSED":
      return {
        message: `The clientMutationId ${failure.clientMutationId} was already used with another input.`,
        fix: "Use a new clientMutationId for a new call.",
      };
    case "TOO_MANY_STREAMS":
      return tooManyStreams[failure.whose](failure.limit);
  }
}

const tooManyStreams = {
  caller: (limit: number) => ({
    message: `You have ${limit} subscriptions open here, which is the most.`,
    fix: "Close one of them first.",
  }),
  tenant: (limit: number) => ({
    message: `Your tenant has ${limit} subscriptions open here, which is the most.`,
    fix: "Try again when somebody has closed theirs, or read without one.",
  }),
  server: () => ({
    message: "This server has as many subscriptions open as it takes.",
    fix: "Try again shortly, or read without one.",
  }),
};

/** Carries a failure out of an operation; the transaction it leaves is rolled back. */
export class Refusal extends Error {
  readonly failures: readonly Failure[];
  /** Why it was refused in truth, where the answer must not say so: for the audit log alone. */
  hidden: Failure | undefined;
  constructor(...failures: readonly [Failure, ...Failure[]]) {
    super(failures.map((failure) => failure.code).join(", "));
    this.name = "Refusal";
    this.failures = failures;
  }
}
