import type { clientSecrets } from "@mintmark/db/schema";
import type { Touched } from "../change/change-feed.ts";
import { type Credential, credentialOf, touchedCredential } from "./credential.ts";

/** What is known of a client secret; its value was shown once and is nowhere. Its hint is the last four of its random part. */
export interface ClientSecret extends Credential {
  /** It existed elsewhere before: another system may know it too. */
  readonly isImported: boolean;
}

export type ClientSecretRow = typeof clientSecrets.$inferSelect;

/** How a secret is called and shown. */
export const secretShape = {
  noun: "clientSecret",
  of: (row: ClientSecretRow): ClientSecret => ({ ...credentialOf(row), isImported: row.isImported }),
} as const;

/** What history keeps of a secret. */
export const touchedSecret = (row: ClientSecretRow): Touched => touchedCredential(secretShape, row);
