import { type Opened, open } from "./sealed.ts";

interface Line {
  readonly name: string;
  readonly sealedSecret: string | null;
}

/** Secrets that are opened at once: the page must go on meanwhile. */
const AT_ONCE = 100;

/** What a spreadsheet would take for a formula and run. */
const FORMULA = /^[=+\-@\t\r]/;
const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
const disarmed = (value: string) => quoted(FORMULA.test(value) ? `'${value}` : value);

/**
 * Opens the secrets of a report in NDJSON.
 *
 * @returns them as CSV, each with the client that it is of, and how many there are
 * @throws Error where the key opens one of them not
 */
export async function secretsIn(
  report: string,
  key: CryptoKey,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<{ readonly csv: string; readonly count: number }> {
  const lines = report
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  const sealed = lines.flatMap(({ name, sealedSecret }) => (sealedSecret === null ? [] : [{ name, sealedSecret }]));
  const rows: string[] = [];
  for (let at = 0; at < sealed.length; at += AT_ONCE) {
    const part = sealed.slice(at, at + AT_ONCE);
    const opened = await Promise.all(part.map(async (one) => rowOf(one.name, await open(one.sealedSecret, key))));
    rows.push(...opened);
    onProgress(rows.length, sealed.length);
  }
  return { csv: ["name,client_id,client_secret", ...rows, ""].join("\r\n"), count: rows.length };
}

/** A name is disarmed for spreadsheets; a credential is what it is, because a program sends it. */
export const rowOf = (name: string, { client_id, client_secret }: Opened): string =>
  [disarmed(name), quoted(client_id), quoted(client_secret)].join(",");
