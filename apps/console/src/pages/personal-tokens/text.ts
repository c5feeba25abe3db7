import { plural } from "../../format.ts";

/** The words about a person's own tokens. */
export const words = {
  title: "Personal tokens",
  lead: "Strings that act as you at Mintmark's own APIs, in one tenant each. They may at most what you may, and end with your membership. For a program of your business, give its client an API token or a secret instead.",
  list: (tenant: string) => `Personal tokens in ${tenant}`,
  add: "Add personal token",
  off: "Personal tokens are turned off in this tenant. Existing ones keep working; new ones cannot be made. Ask an owner.",
  rules: (limit: number, days: number | null | undefined, mayNeverEnd: boolean) =>
    [
      `Up to ${limit} at once.`,
      days == null ? "" : `Each ends within ${plural(days, "day")}.`,
      days == null && !mayNeverEnd ? "Each has to end." : "",
    ]
      .filter(Boolean)
      .join(" "),
  bySettings: "by the settings",
  none: "You have none here.",
  more: "Only the newest hundred are shown.",
  full: (limit: number) =>
    `You have ${plural(limit, "personal token")} here, the most that the settings allow (setting personalTokenLimit). Revoke one first.`,
  failed: "Could not load your personal tokens",
  columns: {
    name: "Personal token",
    permissions: "Permissions",
    used: "Last used",
    usedOn: "Used",
    expires: "Expires in",
    status: "Status",
  },
  permissions: {
    all: "Everything that you may",
    some: (count: number) => plural(count, "permission"),
  },
  copyId: "Copy ID",
  copied: "Copied the ID",
  edit: "Edit",
  revoke: "Revoke",
  form: {
    name: "Name",
    nameHelp: "Where it will be used, such as one script on one machine.",
    power: "Permissions",
    all: "Everything that I may do",
    allHelp: "It follows your roles: what you lose, the token loses at once.",
    some: "Only some of it",
    someHelp: "It never gets wider, whatever roles you are given later.",
    group: "Permissions",
  },
  sheet: {
    title: "New personal token",
    titleFor: (tenant: string) => `New personal token in ${tenant}`,
    submit: "Create personal token",
    reveals: "Its value is shown once, right after this.",
    making: {
      title: "The token is being made",
      body: "If you leave now you do not see it, and it works all the same.",
      leave: "Leave without it",
    },
    unseen: {
      title: "Nobody has seen the token",
      body: "It may have been made. Look in the list, and revoke what nobody holds.",
      leave: "Leave without it",
    },
    draft: { title: "Leave without a token?", body: "What you have entered is lost.", leave: "Leave" },
    uncertain: "No answer came. The token may have been made. Try again: the same call makes no second one.",
    lost: "The token was made, but the answer with its value got lost. Make another one: the lost one is revoked first.",
    retry: "Try again",
    another: "Make another",
    madeUnseen: (name: string) => `${name} was made and nobody saw it. Revoke it.`,
  },
  reveal: {
    title: (name: string) => `${name} is ready`,
    warning:
      "Copy the token now. We store only a hash of it, so nobody can show it again. Do not send it by mail or chat. Whoever has it acts as you.",
    token: "Personal token",
    ends: "Ends",
    snippets: "How to send it",
    stored: "I stored this token",
    done: "Done",
    notStored: "Copy the token or tick the box first.",
    leave: {
      title: "The token has not been copied",
      body: "Nobody can show it again. If you leave, revoke it and create another one.",
      leave: "Leave without it",
    },
  },
} as const;
