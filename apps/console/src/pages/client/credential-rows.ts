import type { CredentialRowFragment } from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";
import { type CredentialDates, credentialState } from "./state.ts";

graphql(`
  fragment CredentialRow on Credential {
    __typename
    id
    name
    hint
    createdAt
    notBefore
    expiresAt
    revokedAt
    lastUsedAt
    lastUsedAddress
    ... on ClientSecret {
      isImported
    }
    ... on ClientKey {
      kid
      publicJwk
      jwksUri
    }
    ... on FederatedCredential {
      issuer
    }
    ... on ClientCertificate {
      subjectType
      subject
    }
  }
`);

/** A credential as the credentials page lists it; what is secret of it is nowhere. */
export type CredentialRow = CredentialRowFragment & Pick<CredentialDates, "isRetiring">;
export type Kind = CredentialRow["__typename"];

const SHOWN = 16;

/** A kid as a list has room for it: a thumbprint's start is enough to tell it from the others. */
export const shortKid = (kid: string): string => (kid.length > SHOWN ? `${kid.slice(0, SHOWN)}…` : kid);

/** A secret's end, `…d7c2`, or the end of its hash where only that is known. */
export const shortHint = (hint: string): string => (hint.includes(":") ? hint : `…${hint}`);

const SUBJECT = 40;

/** A subject as a list has room for it: its end tells one branch from another. */
export const shortSubject = (subject: string): string =>
  subject.length > SUBJECT ? `…${subject.slice(-SUBJECT)}` : subject;

/** What its owner recognises it by. */
export function markOf(row: CredentialRow): string {
  switch (row.__typename) {
    case "ClientKey":
      return row.kid ? shortKid(row.kid) : row.hint;
    case "ClientCertificate":
      return row.subjectType === "THUMBPRINT" ? `${row.hint}…` : row.subject;
    case "FederatedCredential":
      return shortSubject(row.hint);
    default:
      return shortHint(row.hint);
  }
}

/** What a key signs with, in the field's names. */
export function algorithmOf(jwk: unknown): string {
  const { kty, alg } = (jwk ?? {}) as { kty?: string; alg?: string };
  if (kty === "EC") return "ES256";
  if (kty === "OKP") return "EdDSA";
  return alg ?? "PS256, RS256";
}

/** Those that work first, the newest of them on top; then the ended ones. */
export function inOrder(rows: readonly CredentialRow[], now: number): readonly CredentialRow[] {
  const rank = (row: CredentialRow) => (credentialState(row, now).works ? 0 : 1);
  return [...rows].sort((a, b) => rank(a) - rank(b) || b.createdAt.localeCompare(a.createdAt));
}
