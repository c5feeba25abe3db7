import { clientCertificates } from "@mintmark/db/schema";
import {
  type AlternativeName,
  comparableName,
  readCertificate,
  readDistinguishedName,
  readOnePem,
} from "@mintmark/token-issuer";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { id } from "../input.ts";
import {
  type Credential,
  type CredentialKind,
  credentialOf,
  gets,
  insertCredential,
  locateClient,
  madeCredential,
  type NewCredential,
  newCredential,
  revokes,
} from "./credential.ts";

/** What a client's certificate is known by: one name in it, or itself (RFC 8705 §2.1.2, §2.2). */
export type CertificateSubject = "dn" | AlternativeName | "thumbprint";

/** A client's registration for mutual TLS. Nothing of it is secret. */
export interface ClientCertificate extends Credential {
  readonly subjectType: CertificateSubject;
  /** In the form to compare; a thumbprint is SHA-256 of the DER in base64url. */
  readonly subject: string;
}

/** Each is compared with at every request. */
const MOST_CERTIFICATES = 10;

export const clientCertificate: CredentialKind<typeof clientCertificates.$inferSelect, ClientCertificate> = {
  noun: "clientCertificate",
  table: clientCertificates,
  word: "certificate",
  of: (row) => ({ ...credentialOf(row), subjectType: row.subjectType, subject: row.subject }),
  lifetime: "clientKeyLifetime",
  limit: () => ({ limit: MOST_CERTIFICATES }),
  revokedEvent: ({ clientId, id: certificateId, subject }, tokens) => ({
    type: "client-certificate.revoked",
    clientId,
    certificateId,
    subject,
    ...tokens,
  }),
};

interface Registered {
  readonly subjectType: CertificateSubject;
  readonly subject: string;
  readonly hint: string;
  readonly pem: string | null;
  /** When the certificate itself ends. */
  readonly end?: Date;
}

const wrong = (path: string, problem: string, mend: string): never =>
  refuse({ code: "INVALID_INPUT", path: [path], problem, mend });

const HINT = 64;
/** A name that certificates bear. */
export const named = (subjectType: CertificateSubject, subject: string): Registered => ({
  subjectType,
  subject,
  hint: subject.slice(0, HINT),
  pem: null,
});

/** A self-signed certificate in PEM. @throws Refusal */
export function ofCertificate(pem: string): Registered {
  const x509 = readOnePem(pem);
  const certificate = x509 && readCertificate(x509.raw);
  if (!x509 || !certificate) {
    const isKey = pem.includes("PRIVATE KEY");
    return isKey
      ? wrong(
          "certificate",
          "This holds a private key, which must not leave the client.",
          "Send the certificate alone.",
        )
      : wrong("certificate", "This is no certificate.", "Send one certificate in PEM.");
  }
  if (!certificate.isSelfSigned)
    wrong(
      "certificate",
      "An authority signed this certificate, and signs its successor too.",
      "Have the workspace trust that authority, and register the name that the certificate bears.",
    );
  if (certificate.hasWeakKey)
    wrong(
      "certificate",
      "The key of this certificate is too short.",
      "Make one with RSA of at least 2,048 bits, or with P-256.",
    );
  const hint = x509.fingerprint256.toLowerCase().slice(0, 11);
  return {
    subjectType: "thumbprint",
    subject: certificate.thumbprint,
    hint,
    pem: x509.toString(),
    end: certificate.notAfter,
  };
}

const names = {
  subjectDn: "dn",
  sanDns: "san_dns",
  sanUri: "san_uri",
  sanIp: "san_ip",
  sanEmail: "san_email",
} as const;
type NameInput = keyof typeof names;

const examples: Readonly<Record<NameInput, string>> = {
  subjectDn: "CN=reports,O=Acme,C=DE (RFC 4514: the most specific part first)",
  sanDns: "reports.example.com, without a wildcard",
  sanUri: "spiffe://example.com/reports",
  sanIp: "192.0.2.7 or 2001:db8::7",
  sanEmail: "reports@example.com",
};

function ofName(by: NameInput, text: string): Registered {
  const type = names[by];
  const subject = type === "dn" ? readDistinguishedName(text) : comparableName(type, text.trim());
  return subject === undefined
    ? wrong(by, "No certificate can bear this name.", `Write it like ${examples[by]}.`)
    : named(type, subject);
}

const nameText = z.string().max(1000, "A name is shorter than 1,000 characters.").nullish();
const createInput = z.strictObject({
  clientId: id,
  certificate: z.string().max(30_000, "A certificate is shorter than 30,000 characters.").nullish(),
  subjectDn: nameText,
  sanDns: nameText,
  sanUri: nameText,
  sanIp: nameText,
  sanEmail: nameText,
  ...newCredential,
});
type CreateInput = z.infer<typeof createInput>;

/** The one thing that it is registered by. @throws Refusal */
function registered(input: CreateInput): Registered {
  const given = (["certificate", ...(Object.keys(names) as NameInput[])] as const).filter((by) => input[by] != null);
  const [by, second] = given;
  if (by === undefined || second !== undefined)
    return wrong(
      second ?? "certificate",
      "A certificate is known by exactly one thing.",
      "Give one of certificate, subjectDn, sanDns, sanUri, sanIp and sanEmail.",
    );
  const text = input[by] ?? "";
  return by === "certificate" ? ofCertificate(text) : ofName(by, text);
}

/** Registers what a certificate is known by, inside a change. @throws Refusal */
export function insertCertificate(write: Writer, input: NewCredential, { end, ...what }: Registered) {
  if (end && end <= write.now) wrong("certificate", "This certificate has ended.", "Make a new one.");
  const expiresAt = input.expiresAt ?? end ?? null;
  return insertCredential(write, clientCertificate, { ...input, expiresAt }, async (_, living) => {
    if (living.some((other) => other.subjectType === what.subjectType && other.subject === what.subject))
      refuse({ code: "ALREADY_EXISTS", noun: "clientCertificate", path: ["clientId"], value: what.subject });
    return what;
  });
}

const CreateClientCertificate: Operation<CreateInput, "client-secret:write"> = {
  mutation: "createClientCertificate",
  permission: "client-secret:write",
  input: createInput,
  locate: locateClient,
  async run(write, input) {
    const made = await insertCertificate(write, input, registered(input));
    const { id: certificateId, clientId, subject } = made;
    const event = { type: "client-certificate.created", clientId, certificateId, subject } as const;
    return madeCredential(clientCertificate, made, event);
  },
};

/**
 * Registers what a client's certificate is known by, for `tls_client_auth`, or a self-signed certificate, for
 * `self_signed_tls_client_auth`. Needs client-secret:write.
 */
export const createClientCertificate = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateClientCertificate, raw);
export const revokeClientCertificate = revokes("revokeClientCertificate", clientCertificate);
export const getClientCertificate = gets(clientCertificate);
