/** The words about registering a client's public key. */
export const keyWords = {
  registerKey: {
    title: (name: string) => `Register a public key of ${name}`,
    key: "Public key",
    keyHelp: "A JWK as JSON, or PEM. P-256, Ed25519, or RSA of 2048 to 4096 bits.",
    name: "Name",
    nameHelp: "What tells it from the others, such as the place that holds its private half.",
    submit: "Register key",
    done: (kid: string) => `Registered ${kid}`,
    make: "No key pair yet? This makes one; the client keeps key.pem.",
  },
} as const;
