import { type Installation, type PostgresIssuerStore, type PulseExchange, staticTokenDoor } from "@mintmark/domain";
import type { TokenIssuer } from "@mintmark/token-issuer";
import type { AskDocument } from "./egress/fetch-document.ts";
import { createExecute } from "./graphql/execute.ts";
import { type GraphqlEndpoint, graphqlFront } from "./graphql/front.ts";
import { Streams } from "./graphql/streams.ts";
import { type ImportReportDownload, importReport } from "./import-report.ts";
import { ImportRuns } from "./import-runs.ts";
import { type ImportUpload, importUpload } from "./import-upload.ts";
import type { Log } from "./log.ts";
import { type LogDownload, logDownload } from "./log-download.ts";
import type { SendMail } from "./mail/transport.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";

/** What people and automation use: the GraphQL API, and people's sign-in. */
export interface Administration {
  readonly graphql: GraphqlEndpoint;
  readonly signIn: SignIn;
  readonly logDownload: LogDownload;
  readonly importUpload: ImportUpload;
  readonly importReport: ImportReportDownload;
  /** Ends what would never end by itself, before the server waits for its last answers. */
  endStreams(): void;
  /** Lets imports end with what they are at. */
  endImports(): Promise<void>;
}

/** What administration stands on. */
export interface AdministrationParts {
  readonly installation: Installation;
  readonly issuer: TokenIssuer;
  /** The guarded way to other servers. */
  readonly askDocument: AskDocument;
  /** `undefined`: no mail server is configured. */
  readonly sendMail: SendMail | undefined;
  readonly pulses: PulseExchange;
  /** How far the changes of a tenant are known. */
  readonly feedNumber: (tenantId: string) => number;
  /** Hears of each use of a static token. */
  readonly noteUse: PostgresIssuerStore["noteUse"];
  readonly log: Log;
}

/** Opens it. Loaded at its first use: a server that only issues tokens does without its libraries. */
export function openAdministration({
  installation,
  issuer,
  askDocument,
  sendMail,
  pulses,
  feedNumber,
  noteUse,
  log,
}: AdministrationParts): Administration {
  const signIn = createSignIn(installation, { askDocument, sendMail }, (error, correlationId) =>
    log.error({ correlationId, err: error }, "unexpected error"),
  );
  const staticTokens = staticTokenDoor(installation, noteUse);
  const streams = new Streams({ installation, pulses, feedNumber });
  const gate = { installation, issuer, signIn, staticTokens };
  const imports = new ImportRuns(log);
  const execute = createExecute(log, { streams, pulses, issuer, sendMail });
  return {
    signIn,
    graphql: graphqlFront(gate, execute, log),
    logDownload: logDownload(gate),
    importUpload: importUpload(gate, imports),
    importReport: importReport(gate),
    endStreams: () => streams.close(),
    endImports: () => imports.close(),
  };
}
