import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

interface Wanted {
  /** As `openssl req -subj` takes it. */
  readonly subject?: string;
  /** As `subjectAltName` takes it. */
  readonly names?: string;
  readonly extended?: string;
  /** Absent: it signs itself. */
  readonly by?: Pair;
  readonly isAuthority?: boolean;
  /** Certificates in between that may stand below it; absent: any number. */
  readonly pathLength?: number;
  /** More extensions, as `openssl req -addext` takes them. */
  readonly extensions?: readonly string[];
  /** Days from now to its end; below 0 it has ended, and needs a signer. */
  readonly days?: number;
}

/** Certificates that `openssl` makes, in a folder of their own. */
export interface Certificates {
  make(wanted?: Wanted): Pair;
  remove(): void;
}

export function certificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-certificates-"));
  let count = 0;
  return {
    make({
      subject = "/CN=client",
      names,
      extended,
      by,
      isAuthority = false,
      pathLength,
      extensions: more = [],
      days = 2,
    } = {}) {
      const name = join(folder, `${++count}`);
      const [certFile, keyFile] = [`${name}.pem`, `${name}.key`];
      const extensions = [
        `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}${pathLength === undefined ? "" : `,pathlen:${pathLength}`}`,
        ...(names === undefined ? [] : [`subjectAltName=${names}`]),
        ...(extended === undefined ? [] : [`extendedKeyUsage=${extended}`]),
        ...more,
      ].flatMap((extension) => ["-addext", extension]);
      const openssl = (...args: string[]) => execFileSync("/usr/bin/openssl", args, { stdio: "pipe" });
      const key = ["-nodes", "-utf8", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", keyFile];
      const about = ["-subj", subject, ...extensions];
      const signer = by ? ["-CA", by.certFile, "-CAkey", by.keyFile] : [];
      if (days > 0) openssl("req", "-x509", ...key, ...about, "-days", `${days}`, "-out", certFile, ...signer);
      else {
        // `req` makes none that has ended.
        const asked = `${certFile}.csr`;
        openssl("req", "-new", ...key, ...about, "-out", asked);
        const copied = ["-copy_extensions", "copyall", "-days", `${days}`, "-CAcreateserial"];
        openssl("x509", "-req", "-in", asked, ...copied, "-out", certFile, ...signer);
      }
      return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8"), certFile, keyFile };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A certificate that nobody knows yet, in PEM. */
export function freshCertificate(wanted: Wanted = {}): string {
  const made = certificates();
  try {
    return made.make(wanted).cert;
  } finally {
    made.remove();
  }
}

/** That of an authority. */
export const freshAuthority = (subject = "/CN=Authority"): string => freshCertificate({ subject, isAuthority: true });
