import { Tag } from "../../ui/badge.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import { algorithmOf, type CredentialRow, type Kind, markOf } from "./credential-rows.ts";
import { platformOf } from "./platform-presets.ts";
import { at } from "./state.ts";
import { words } from "./text.ts";

/** The sheets that make a credential, by the word in the address. */
export type SheetName =
  | "secret"
  | "rotate"
  | "import"
  | "key"
  | "certificate"
  | "trust"
  | "try"
  | "token"
  | "import-token";

/** How one kind of credential is shown: a new kind is an entry here, and a sheet that makes it. */
export interface KindLook {
  readonly kind: Kind;
  readonly words: (typeof words.kinds)[Kind];
  /** What its block offers to make it. */
  readonly sheet: SheetName;
  /** What it is recognised by, below its name. */
  readonly mark: (row: CredentialRow) => React.ReactNode;
  /** The column that the others have not. */
  readonly column: Column<CredentialRow>;
}

const { columns } = words.credentials;

export const kindLooks: readonly KindLook[] = [
  {
    kind: "ClientSecret",
    words: words.kinds.ClientSecret,
    sheet: "import",
    mark: (row) => {
      const isImported = row.__typename === "ClientSecret" && row.isImported;
      return (
        <>
          <code className="id">
            {isImported ? "" : "mms_"}
            <b>{markOf(row)}</b>
          </code>
          {isImported && <Tag>{words.secrets.imported}</Tag>}
        </>
      );
    },
    column: {
      id: "created",
      header: columns.created,
      width: "minmax(118px, .9fr)",
      low: true,
      cell: (row) => <TimeCell at={at(row.createdAt)} />,
    },
  },
  {
    kind: "ClientKey",
    words: words.kinds.ClientKey,
    sheet: "key",
    mark: (row) => <code className="id">{markOf(row)}</code>,
    column: {
      id: "algorithm",
      header: columns.algorithm,
      width: "minmax(118px, .9fr)",
      low: true,
      cell: (row) => (row.__typename === "ClientKey" ? (row.jwksUri ? "jwks_uri" : algorithmOf(row.publicJwk)) : ""),
    },
  },
  {
    kind: "ClientCertificate",
    words: words.kinds.ClientCertificate,
    sheet: "certificate",
    mark: (row) => <code className="id">{markOf(row)}</code>,
    column: {
      id: "known",
      header: columns.knownBy,
      width: "minmax(118px, .9fr)",
      low: true,
      cell: (row) => (row.__typename === "ClientCertificate" ? words.registerCertificate.by[row.subjectType] : ""),
    },
  },
  {
    kind: "FederatedCredential",
    words: words.kinds.FederatedCredential,
    sheet: "trust",
    mark: (row) => <code className="id">{markOf(row)}</code>,
    column: {
      id: "platform",
      header: columns.platform,
      width: "minmax(118px, .9fr)",
      low: true,
      cell: (row) => (row.__typename === "FederatedCredential" ? platformOf(row.issuer) : ""),
    },
  },
];
