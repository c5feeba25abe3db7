/** The words about a client's secrets. */
export const secretWords = {
  secrets: {
    add: "Add secret",
    import: "Import secret",
    imported: "imported",
    full: (limit: number) =>
      `It has ${limit} active ${limit === 1 ? "secret" : "secrets"}, the most that the settings allow. Revoke one first.`,
  },
  add: {
    title: (name: string) => `New secret for ${name}`,
    name: "Name",
    nameHelp: "What tells it from the others, such as the place that will hold it.",
    expiry: "Expires",
    never: "Never",
    days: (count: number) => (count === 1 ? "1 day" : `${count} days`),
    other: "Other date",
    date: "Date",
    neverHelp: "It works until somebody revokes it.",
    ends: (words: string) => `It ends on ${words}.`,
    ceiling: (days: number, from: string) => `At most ${days} days here: set ${from}.`,
    create: "Create secret",
    pastDate: "Choose a day that is still to come.",
    laterDate: (days: number) => `Choose a day within the next ${days} days.`,
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
      stay: "Stay",
      leave: "Leave without it",
    },
    /** While it may exist and nobody saw it. */
    unseen: {
      title: "Leave with the secret unseen?",
      body: "There may be a secret that works and that nobody saw. Stay to get one that you can use.",
      stay: "Stay",
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
