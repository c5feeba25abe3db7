import { getCACertificates } from "node:tls";

/** Milliseconds from the look-up of a name to the last byte of the answer. */
export const PATIENCE_MS = 5000;
/** Bytes of an answer's headers. */
export const HEADERS_LIMIT = 16 * 1024;

/** Whose certificates count: the usual authorities and these, in PEM; undefined where there are only the usual ones. */
export const trusting = (authorities: readonly string[]): string[] | undefined =>
  authorities.length > 0 ? [...getCACertificates("default"), ...authorities] : undefined;

/** Why a connection came to nothing. */
export function connectionProblem(error: NodeJS.ErrnoException): "not_public" | "certificate" | "unreachable" {
  const code = error.code ?? "";
  if (code === "EGRESS_REFUSED") return "not_public";
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code) ? "certificate" : "unreachable";
}
