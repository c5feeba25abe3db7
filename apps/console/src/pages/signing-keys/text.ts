/** The words of the signing keys page. */
export const words = {
  title: "Signing keys",
  lead: "What this workspace signs its tokens with. A new key is published long before it signs, and stays until its last token has ended.",
  table: "Signing keys",
  timeline: "When each key was published, signs, and leaves",
  key: "Key",
  state: "State",
  published: "Published",
  changes: "What comes next",
  states: {
    PLANNED: "Planned",
    NEXT: "Next",
    ACTIVE: "Active",
    RETIRING: "Retiring",
    REMOVED: "Removed",
    REVOKED: "Revoked",
  },
  next: {
    publishes: (when: string) => `Published from ${when}`,
    signsFrom: (when: string) => `Signs from ${when}`,
    signsUntil: (when: string) => `Signs until ${when}`,
    signs: "Signs until another one takes over",
    leaves: (when: string) => `Checks old tokens until ${when}`,
    left: (when: string) => `Left the key set on ${when}`,
    revoked: (when: string) => `Revoked on ${when}`,
  },
  ending: {
    from: (day: string) => `from ${day}`,
    until: (day: string) => `until ${day}`,
    open: "no end yet",
  },
  verifiers: {
    title: "Verifiers",
    help: "Who fetches the key set: each address and program, as far as they say.",
    behind: (count: number) =>
      count === 0
        ? "All of them hold the set of now."
        : `${count === 1 ? "One holds" : `${count} hold`} an old set: last fetched before a key came or left.`,
    none: "Nobody has fetched the key set yet.",
    verifier: "Verifier",
    address: "Address",
    fetches: "Fetches",
    last: "Last fetch",
    holds: "Holds",
    current: "Current set",
    old: "Old set",
    nameless: "No name given",
  },
  facts: {
    algorithm: "Algorithm",
    lifetime: "A key signs for",
    maxAge: "Key set may be cached for",
    jwks: "Key set",
  },
  change: "Change",
  hidden: "You may not see the signing keys of this workspace.",
  none: "No key signs: this workspace cannot issue. The server makes one within two minutes.",
  alarm: (kid: string, ends: string) =>
    `Nothing follows ${kid}, whose time ends on ${ends}. The server makes a successor within two minutes; where this stays, look into its log.`,
  copyKid: "Copy key ID",
  copied: "Copied the key ID",
  revoke: "Revoke",
  rotate: {
    act: "Rotate now",
    title: "Rotate the signing key now?",
    which: "Algorithm",
    whichHelp: "Clients here have algorithms of their own, each with keys that take turns by themselves.",
    ready: (kid: string, since: string) =>
      `The next key, ${kid}, signs at once. It has been in the key set for ${since}, so every cached set has it.`,
    waits: (kid: string, when: string) =>
      `The next key, ${kid}, signs from ${when}: only then does every cached key set have it. Nothing waits for you.`,
    fresh: "The next key is made and published at once. It signs as soon as every cached key set has it.",
    stays:
      "The key that signs now stays in the set until its last token has ended. Nothing breaks for whoever reads the set.",
    behind: (names: string, more: number) =>
      `Not fetched since the next key came: ${names}${more > 0 ? ` and ${more} more` : ""}.`,
    breaks: (maxAge: string) =>
      `A verifier that has one key written down, or keeps the set longer than ${maxAge} and does not look again for a key that it does not know, refuses the new tokens.`,
    signsNow: (kid: string) => `${kid} signs now`,
    signsLater: (kid: string, when: string) => `${kid} signs from ${when}`,
    done: "The next key takes over",
  },
  ask: {
    title: (kid: string) => `Revoke ${kid}?`,
    confirm: (kid: string) => `Revoke ${kid}`,
    active:
      "It signs now. Every token that it signed is dead: at once where this server is asked, elsewhere as soon as the verifier reads the key set again. Each client must ask for a new token, which the next key signs at once.",
    retiring:
      "It signs no more. Every token that it signed and that has not ended is dead: at once where this server is asked, elsewhere as soon as the verifier reads the key set again.",
    next: "It has signed nothing: no token dies. Another next key is made and published in its place.",
    maxAge: (maxAge: string) => `A verifier may keep the key set for ${maxAge}, and accepts those tokens until then.`,
    measured: (issued: string, clients: string) =>
      `In the last 24 hours this workspace issued ${issued} to ${clients}.`,
    final: "It cannot be taken back.",
    done: (kid: string) => `Revoked ${kid}`,
  },
} as const;
