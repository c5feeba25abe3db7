import { z } from "zod";
import { grantedScopes } from "../clients/client-grant.ts";
import { importedClientId } from "../clients/new-client.ts";
import { httpsAddress } from "../credentials/https-address.ts";
import { description, futureInstant, name, shown, UNSEEN } from "../input.ts";
import { clientSettingInputs } from "../settings/settings.ts";
import { type FileLine, type ImportFormat, linesIn } from "./import-file.ts";

/** Why a line makes no client. */
export interface RowProblem {
  /** A stable code, as of every refusal. */
  readonly code: string;
  readonly problem: string;
  readonly fix: string;
}

/** A client as a line says it. */
export interface RowClient {
  readonly name: string;
  readonly description: string | undefined;
  /** The `client_id` that it brings. */
  readonly clientId: string | undefined;
  readonly accessTokenLifetime: number | undefined;
  readonly grants: readonly { readonly resource: string; readonly scopes: readonly string[] }[];
  /** When its secret or key ends. */
  readonly expiresAt: Date | undefined;
  readonly publicKey: string | undefined;
  readonly jwksUri: string | undefined;
}

/** A line that was read: a client, or why it is none. */
export interface ImportRow {
  readonly line: number;
  /** The byte after it. */
  readonly end: number;
  /** What the report calls it. */
  readonly name: string;
  readonly client?: RowClient;
  readonly problem?: RowProblem;
}

/** Why a file is not looked at at all. */
export class FileRefused extends Error {
  override readonly name = "FileRefused";
}

/** Lines that a file may have. */
export const MOST_ROWS = 100_000;

const MEND = "Correct the line, and import it with another file.";

const keyText = z.string().min(1).max(20_000);

const rowInput = z
  .strictObject({
    name,
    description: description.nullish(),
    clientId: importedClientId.nullish(),
    accessTokenLifetime: clientSettingInputs.accessTokenLifetime,
    grants: z
      .array(
        z.strictObject({
          resource: z
            .string()
            .min(1, "Say which API the scopes are of.")
            .max(2048, "An API's identifier is shorter.")
            // The database holds no NUL, and would refuse the whole lot for it.
            .refine((text) => !UNSEEN.test(text), "An API's identifier has no characters that nobody sees."),
          scopes: grantedScopes,
        }),
      )
      .max(50, "At most 50 grants in one line.")
      .refine((all) => new Set(all.map(({ resource }) => resource)).size === all.length, {
        message: "Name each API once, with all its scopes.",
      })
      .nullish(),
    expiresAt: futureInstant.nullish(),
    publicKey: z
      .union([keyText, z.record(z.string(), z.unknown()).transform((jwk) => JSON.stringify(jwk))], {
        error: "This is a public key: a JWK, or PEM, shorter than 20,000 characters.",
      })
      .nullish(),
    jwksUri: httpsAddress.nullish(),
  })
  .refine(({ publicKey, jwksUri }) => !(publicKey && jwksUri), {
    path: ["publicKey"],
    message: "A client brings its key or the address of its keys, not both.",
  });

type Raw = Readonly<Record<string, unknown>>;

/** The columns of a CSV file, by the name of what they say. */
export const csvColumns = [
  "name",
  "description",
  "clientId",
  "resource",
  "scopes",
  "accessTokenLifetime",
  "expiresAt",
  "publicKey",
  "jwksUri",
] as const;
type Column = (typeof csvColumns)[number];

/**
 * The clients that a file lists, line by line. Pure.
 *
 * @throws FileRefused where it is no such list at all
 */
export function* rowsIn(bytes: Buffer, format: ImportFormat): Generator<ImportRow> {
  if (bytes.subarray(0, 4096).includes(0))
    throw new FileRefused("The file is not UTF-8 text, or it is UTF-16. Save it as UTF-8, and send it again.");
  const lines = linesIn(bytes, format);
  const read = format === "ndjson" ? readJson : csvReader(lines.next().value);
  let count = 0;
  for (const line of lines) {
    if (++count > MOST_ROWS) return yield beyond(line, bytes.length);
    yield rowOf(line, read);
  }
  if (count === 0) throw new FileRefused("The file lists no client.");
}

const beyond = ({ line }: FileLine, end: number): ImportRow => ({
  line,
  end,
  name: "",
  problem: {
    code: "LIMIT_REACHED",
    problem: `A file has at most ${MOST_ROWS.toLocaleString("en")} clients: this line and all after it were not read.`,
    fix: "Import them with another file.",
  },
});

function rowOf({ line, end, fields, problem }: FileLine, read: (fields: readonly string[]) => Raw | string): ImportRow {
  const raw = problem ?? read(fields);
  if (typeof raw === "string") return { line, end, name: "", problem: invalid(raw) };
  const place = { line, end, name: shown(String(raw["name"] ?? raw["clientId"] ?? "")) };
  const parsed = rowInput.safeParse(raw);
  if (!parsed.success) return { ...place, problem: invalid(parsed.error.issues.map(sentence).join(" ")) };
  const { data } = parsed;
  return {
    ...place,
    client: {
      name: data.name,
      description: data.description ?? undefined,
      clientId: data.clientId ?? undefined,
      accessTokenLifetime: data.accessTokenLifetime ?? undefined,
      grants: data.grants ?? [],
      expiresAt: data.expiresAt ?? undefined,
      publicKey: data.publicKey ?? undefined,
      jwksUri: data.jwksUri ?? undefined,
    },
  };
}

export const invalid = (problem: string, fix = MEND): RowProblem => ({ code: "INVALID_INPUT", problem, fix });

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return `There is no member ${issue.keys.map((key) => shown(key.slice(0, 64))).join(", ")}.`;
  const [member] = issue.path.map(String);
  if (issue.code === "invalid_type" && member === "name") return "It has no name.";
  return member === undefined ? issue.message : `${member}: ${issue.message}`;
}

function readJson([text = ""]: readonly string[]): Raw | string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Raw)
      : "This line is no JSON object.";
  } catch {
    return "This line is no JSON. In NDJSON each line is one whole JSON object.";
  }
}

function csvReader(head: FileLine | undefined): (fields: readonly string[]) => Raw | string {
  const columns = columnsOf(head);
  return (fields) => {
    if (fields.length !== columns.length)
      return `This line has ${fields.length} fields, and the first line names ${columns.length} columns.`;
    const cells = new Map(columns.map((column, at) => [column, fields[at]?.trim() ?? ""]));
    return rawOf((column) => cells.get(column) || undefined);
  };
}

/** @throws FileRefused */
function columnsOf(head: FileLine | undefined): readonly Column[] {
  if (!head) throw new FileRefused("The file is empty.");
  if (head.problem !== undefined)
    throw new FileRefused(`The first line, with the names of the columns: ${head.problem}`);
  const names = head.fields.map((field) => field.trim());
  const odd = names.find((given) => !csvColumns.some((column) => column === given));
  if (odd !== undefined)
    throw new FileRefused(
      `The first line names the columns, and there is no column "${shown(odd.slice(0, 64))}". There are ${csvColumns.join(", ")}, with commas between them.`,
    );
  if (!names.includes("name")) throw new FileRefused('The first line names the columns, and "name" is not among them.');
  if (new Set(names).size < names.length) throw new FileRefused("The first line names a column twice.");
  return names as Column[];
}

function rawOf(cell: (column: Column) => string | undefined): Raw | string {
  const { resource, scopes } = { resource: cell("resource"), scopes: cell("scopes") };
  if (scopes !== undefined && resource === undefined) return "resource: Say which API the scopes are of.";
  const lifetime = cell("accessTokenLifetime");
  return {
    name: cell("name"),
    description: cell("description"),
    clientId: cell("clientId"),
    accessTokenLifetime: lifetime !== undefined && /^\d{1,9}$/.test(lifetime) ? Number(lifetime) : lifetime,
    grants: resource === undefined ? undefined : [{ resource, scopes: scopes?.split(/\s+/) ?? [] }],
    expiresAt: cell("expiresAt"),
    publicKey: cell("publicKey"),
    jwksUri: cell("jwksUri"),
  };
}

/** What no other line may have too: the `client_id` that a client brings, else its name. */
export const keyOf = ({ clientId, name }: RowClient): string =>
  clientId === undefined ? `name ${name}` : `client_id ${clientId}`;

/** The same lines; a client that stands in two of them is made by the first. */
export function* eachOnce(rows: Iterable<ImportRow>): Generator<ImportRow> {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = row.client && keyOf(row.client);
    const before = key === undefined ? undefined : seen.get(key);
    if (key !== undefined && before === undefined) seen.set(key, row.line);
    yield before === undefined ? row : { line: row.line, end: row.end, name: row.name, problem: repeated(before) };
  }
}

const repeated = (line: number): RowProblem => ({
  code: "ALREADY_EXISTS",
  problem: `Line ${line} of this file is this client already.`,
  fix: "Leave one of them out, or give them different names or client ids.",
});
