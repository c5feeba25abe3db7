/** The words about credentials of every kind. */
export const credentialWords = {
  credentials: {
    title: "Credentials",
    manage: "Manage credentials",
    none: "Nothing can authenticate as this client.",
    hidden: "You may not see this client's credentials.",
    more: "Only the hundred that live longest are shown.",
    timeline: "Lives of the credentials",
    retires: (left: string) => `Retires in ${left}`,
    revokedOn: (day: string) => `Revoked ${day}`,
    copyId: "Copy ID",
    copiedId: "Copied the ID",
    copyKid: "Copy kid",
    copiedKid: "Copied the kid",
    revoke: "Revoke",
    columns: {
      created: "Created",
      algorithm: "Algorithm",
      knownBy: "Known by",
      platform: "Platform",
      lastUsed: "Last used",
      used: "Used",
      expires: "Expires in",
      status: "Status",
    },
  },
  /** Each kind by its name in the schema. */
  kinds: {
    ClientSecret: {
      title: "Client secrets",
      help: (limit: number | null) =>
        `${limit === null ? "Several" : `Up to ${limit}`} at once, so you can change one without an outage. We keep only a hash.`,
      none: "It has no secret.",
      name: "Secret",
      make: "Import secret",
    },
    ClientKey: {
      title: "Public keys",
      help: () => "The client signs a JWT with a key of its own (private_key_jwt). The private half never leaves it.",
      none: "No key is registered.",
      name: "Key",
      make: "Register key",
    },
    ClientCertificate: {
      title: "Certificates",
      help: () => "The client shows a certificate when it connects (mutual TLS). Its tokens are bound to it.",
      none: "No certificate is registered.",
      name: "Certificate",
      make: "Register certificate",
    },
    FederatedCredential: {
      title: "Federated credentials",
      help: () =>
        "The platform that the client runs on vouches for it with a JWT (federated_jwt). There is no secret to keep.",
      none: "No platform is trusted.",
      name: "Federated credential",
      make: "Trust a platform",
    },
  },
  revoke: {
    title: (hint: string) => `Revoke ${hint}?`,
    used: "It was last used",
    unused: "It was never used.",
    effect: "Token requests with it are refused within a second. It cannot be brought back.",
    living: (lifetime: string) => `Tokens that it got go on for ${lifetime} at most.`,
    withTokens: "Also end this client's tokens",
    withTokensHelp: "All of them, also those that its other credentials got: the server does not tell them apart.",
    last: "It is the last credential that works.",
    stops: (name: string) => `stops ${name}`,
    confirm: (hint: string) => `Revoke ${hint}`,
    done: (hint: string) => `Revoked ${hint}`,
  },
} as const;
