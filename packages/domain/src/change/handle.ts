import type { Database, Transaction } from "@mintmark/db";
import type { SignedIn } from "../authority/principal.ts";
import type { Keyring } from "../tenancy/keyring.ts";

/** What every operation stands on; made once, by the composition root. */
export interface Installation {
  readonly database: Database;
  readonly keyring: Keyring;
  /** The origin of the console and of the GraphQL endpoint, e.g. `https://id.example.com`. */
  readonly origin: string;
  /** What issuers begin with: that origin, or one of their own with `{tenant}` in its host. */
  readonly issuerOrigin: string;
  /** The origin at which callers show certificates; absent: nowhere. */
  readonly mtlsOrigin?: string | undefined;
  readonly now: () => Date;
  /** Resolves when this process knows of every change committed before the call; absent where it keeps nothing in memory. */
  readonly caughtUp?: () => Promise<void>;
  /** How far this process knows the tenant's changes; absent where it keeps nothing in memory. */
  readonly feedNumber?: (tenantId: string) => number;
}

/** A handle that reads inside one tenant. */
export interface Reader {
  readonly tx: Database | Transaction;
  readonly tenantId: string;
  readonly principal: SignedIn;
  readonly installation: Installation;
  readonly now: Date;
}

/** The writing handle: only `change()` makes one, and a change without an audit event does not type-check. */
export interface Writer extends Reader {
  readonly tx: Transaction;
  readonly [writing]: true;
}
declare const writing: unique symbol;
