/** The words about registering a client's certificate. */
export const certificateWords = {
  registerCertificate: {
    title: (name: string) => `Register a certificate of ${name}`,
    how: "Known by",
    /** Each way by its name in the schema. */
    by: {
      DN: "Subject",
      SAN_DNS: "DNS name",
      SAN_URI: "URI",
      SAN_IP: "IP address",
      SAN_EMAIL: "E-mail address",
      THUMBPRINT: "Self-signed",
    },
    choices: {
      DN: "Its whole subject",
      SAN_DNS: "Its DNS name",
      SAN_URI: "Its URI",
      SAN_IP: "Its IP address",
      SAN_EMAIL: "Its e-mail address",
      THUMBPRINT: "Itself: it is self-signed",
    },
    help: {
      DN: "As RFC 4514 writes it, the most specific part first: CN=reports,O=Acme,C=DE.",
      SAN_DNS: "The one DNS name in it: reports.example.com.",
      SAN_URI: "The one URI in it: spiffe://example.com/reports.",
      SAN_IP: "The one IP address in it: 192.0.2.7.",
      SAN_EMAIL: "The one e-mail address in it: reports@example.com.",
      THUMBPRINT: "The certificate in PEM, without its key. It ends here when it ends itself.",
    },
    signed: "An authority that this workspace trusts has to sign it: see Settings.",
    certificate: "Certificate",
    nameHelp: "What tells it from the others, such as the place that holds its key.",
    submit: "Register certificate",
    done: (what: string) => `Registered ${what}`,
    at: "The client shows it at",
    make: "No certificate yet? This makes a self-signed one; the client keeps key.pem.",
  },
} as const;
