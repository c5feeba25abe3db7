/** The words about registering a client's public key. */
export const keyWords = {
  registerKey: {
    title: (name: string) => `Register a public key of ${name}`,
    source: "Source",
    byKey: "The key itself",
    byAddress: "Its address (jwks_uri)",
    address: "Address of the keys",
    addressHelp: "An https address of a JWK Set. This server fetches it; the client changes its keys there by itself.",
    doneAddress: (host: string) => `Registered the keys at ${host}`,
    key: "Public key",
    keyHelp: "A JWK as JSON, or PEM. P-256, Ed25519, or RSA of 2048 to 4096 bits.",
    nameHelp: "What tells it from the others, such as the place that holds its private half.",
    submit: "Register key",
    done: (kid: string) => `Registered ${kid}`,
    make: "No key pair yet? This makes one; the client keeps key.pem.",
  },
} as const;
