import type { AlternativeName } from "../certificate/alternative-names.ts";
import type { ClientCertificate } from "../certificate/client-certificate.ts";
import type { CertificateCredential } from "../store.ts";
import { judge } from "./find-key.ts";

/** What a shown certificate is to a client. */
export type FoundCertificate =
  | { readonly state: "unknown" }
  /** The certificate has several names of that kind: it cannot say which client it is. */
  | { readonly state: "ambiguous"; readonly kind: AlternativeName; readonly count: number }
  | ReturnType<typeof judge>;

/** The client's registration of the certificate itself. */
export function findSelfSigned(
  own: readonly CertificateCredential[],
  { thumbprint }: ClientCertificate,
  now: Date,
): FoundCertificate {
  return best(
    own.filter(({ subjectType, subject }) => subjectType === "thumbprint" && subject === thumbprint),
    now,
  );
}

/** The client's registration of the one name that the certificate bears (RFC 8705 §2.1.2). */
export function findBySubject(
  own: readonly CertificateCredential[],
  { subject, names }: ClientCertificate,
  now: Date,
): FoundCertificate {
  const named = own.filter((one) =>
    one.subjectType === "dn"
      ? subject !== undefined && one.subject === subject
      : one.subjectType !== "thumbprint" && names.get(one.subjectType)?.includes(one.subject),
  );
  const alone = named.filter((one) => countOf(one, names) === 1);
  const [several] = named;
  if (alone.length === 0 && several && several.subjectType !== "dn" && several.subjectType !== "thumbprint")
    return { state: "ambiguous", kind: several.subjectType, count: countOf(several, names) };
  return best(alone, now);
}

const countOf = ({ subjectType }: CertificateCredential, names: ClientCertificate["names"]): number =>
  subjectType === "dn" || subjectType === "thumbprint" ? 1 : (names.get(subjectType)?.length ?? 0);

/** One that works before one that does not. */
function best(found: readonly CertificateCredential[], now: Date): FoundCertificate {
  const judged = found.map((one) => judge(one, now));
  return judged.find(({ state }) => state === "live") ?? judged[0] ?? { state: "unknown" };
}
