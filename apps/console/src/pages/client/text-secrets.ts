/** The words about a client's secrets. */
export const secretWords = {
  secrets: {
    add: "Add secret",
    import: "Import secret",
    imported: "imported",
    owned: "It is a member's own: only they generate its secret.",
    full: (limit: number) =>
      `It has ${limit} active ${limit === 1 ? "secret" : "secrets"}, the most that the settings allow. Revoke one first.`,
  },
  rotation: {
    act: "Rotate",
    open: "Rotate secret",
    title: (mark: string) => `Rotate ${mark}`,
    overlap: "Both work for",
    both: (overlap: string) =>
      `Both secrets work for ${overlap}. Then the old one ends by itself, or sooner once nobody uses it any more.`,
    endNow: "No overlap",
    endNowHelp:
      "For an emergency: the old secret stops working with this click, and whoever still uses it gets no token.",
    withTokens: "Also take back the tokens that this client has",
    withTokensHelp: "They end now wherever they are introspected; an API that checks offline learns it later.",
    running: (mark: string) => `Rotating ${mark}`,
    retired: (mark: string) => `${mark} is retired`,
    moved: (percent: number, mark: string) => `${percent}% of the last hour's tokens were for ${mark}`,
    stays: (percent: number, mark: string) => `${percent}% still for ${mark}`,
    none: "No token since the rotation began.",
    still: "Still on the old secret:",
    nobody: "Nobody has used the old secret since the rotation began.",
    safe: "It is safe to retire.",
    waits: (when: string) => `If it stays quiet, it is safe to retire from ${when}.`,
    unused: "Nobody uses the new secret yet.",
    ends: (when: string) => `It stops working on ${when}.`,
    ended: (when: string) => `It stopped working on ${when}.`,
    extend: "Extend by 24 hours",
    undo: "Let it work again for 24 hours",
    retire: "Retire now",
    cancel: "Cancel rotation",
    done: {
      extend: "The overlap is longer now",
      undo: "The old secret works again",
      retire: "The old secret is retired",
      cancel: "The old secret stays; the new one is revoked",
    },
    ask: {
      retire: (mark: string) => `Retire ${mark} now?`,
      inUse: "It is not known to be quiet. Whoever still uses it gets no more tokens at once.",
      quiet: "It is quiet. Should somebody need it all the same, it can work again.",
      cancel: (mark: string) => `Keep ${mark}?`,
      cancelled:
        "The old secret keeps the end that it had, and the new one is revoked, for good. Whoever has moved to it gets no more tokens.",
      confirmRetire: "Retire it",
      confirmCancel: "Keep it, revoke the new one",
    },
  },
  add: {
    title: (name: string) => `New secret for ${name}`,
    name: "Name",
    nameHelp: "What tells it from the others, such as the place that will hold it.",
    create: "Create secret",
    rotate: "Rotate secret",
    retry: "Try again",
    uncertain:
      "The server did not answer, so it is not known whether the secret exists. Trying again is safe: it is made once.",
    lost: "The secret exists, but the answer with its value got lost on the way. Nobody can show it again. Make another one; the lost one is revoked.",
    another: "Make another secret",
    madeUnseen: (name: string) => `A secret of ${name} was made, but nobody saw it. Revoke it.`,
    /** While the server is at it. */
    making: {
      title: "The secret is being made",
      body: "It is shown here once the server answers. If you leave now, nobody sees it.",
      leave: "Leave without it",
    },
    draft: { title: "Leave without a secret?", body: "What you have chosen here is lost.", leave: "Leave without it" },
    /** While it may exist and nobody saw it. */
    unseen: {
      title: "Leave with the secret unseen?",
      body: "There may be a secret that works and that nobody saw. Stay to get one that you can use.",
      leave: "Leave without it",
    },
    reveals: "Its value is shown once, on the next page of this sheet.",
    overlap: (count: number) =>
      count === 1
        ? "The secret that it has keeps working. Revoke it when nobody uses it any more."
        : `The ${count} secrets that it has keep working. Revoke each when nobody uses it any more.`,
  },
  import: {
    title: (name: string) => `Import a secret for ${name}`,
    lead: "For a secret that is in use elsewhere and shall go on working here.",
    how: "What do you have?",
    value: "The secret itself",
    valueHelp: "It is hashed at once; the server keeps no copy.",
    sha256: "Its SHA-256",
    sha256Help: "Then the secret never comes here.",
    valueField: "Secret",
    sha256Field: "SHA-256",
    valueRule: "At least 32 characters, and random.",
    sha256Rule: "64 hexadecimal digits or 43 characters of base64url, without a salt.",
    submit: "Import secret",
    done: (hint: string) => `Imported ${hint}`,
  },
} as const;
