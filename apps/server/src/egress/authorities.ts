import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { CommandFailure } from "../shell.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a file, each in PEM.
 *
 * @throws CommandFailure where it holds none, or something else that calls itself one
 */
export function readAuthorities(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  try {
    const found = readFileSync(path, "utf8").match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new Error("no certificate");
    return found.map((pem) => new X509Certificate(pem).toString());
  } catch {
    throw new CommandFailure(
      `EGRESS_CA_FILE names ${path}, where no certificates in PEM can be read. Correct the path, or leave the setting out.`,
    );
  }
}
