import { createPrivateKey, type JsonWebKey } from "node:crypto";
import { compactDecrypt } from "jose";

/** A client's credentials, and what it is called. */
interface Opened {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Opens the secrets of a report's lines. @throws Error where the key opens one of them not */
export async function openedSecrets(
  report: readonly { readonly name: string; readonly sealedSecret: string | null }[],
  { privateJwk }: { readonly privateJwk?: object },
): Promise<readonly Opened[]> {
  const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: "jwk" });
  const opened: Opened[] = [];
  for (const { name, sealedSecret } of report) {
    if (sealedSecret === null) continue;
    const { plaintext } = await compactDecrypt(sealedSecret, key);
    const { client_id, client_secret } = JSON.parse(new TextDecoder().decode(plaintext)) as Record<string, string>;
    opened.push({ name, clientId: client_id ?? "", clientSecret: client_secret ?? "" });
  }
  return opened;
}

/** What a spreadsheet would take for a formula and run. */
const FORMULA = /^[=+\-@\t\r]/;
const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
const disarmed = (value: string) => quoted(FORMULA.test(value) ? `'${value}` : value);

/** Secrets as CSV. A name is disarmed for spreadsheets; a credential is what it is, because a program sends it. Pure. */
export function secretsCsv(secrets: readonly Opened[]): string {
  const rows = secrets.map(({ name, clientId, clientSecret }) =>
    [disarmed(name), quoted(clientId), quoted(clientSecret)].join(","),
  );
  return ["name,client_id,client_secret", ...rows, ""].join("\r\n");
}
