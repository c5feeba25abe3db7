import type { ReadPublicKey } from "@mintmark/token-issuer";
import { keyIn } from "../credentials/client-key.ts";
import { type LongestLife, spanFailure } from "../credentials/credential.ts";
import { describe, type Failure } from "../failure.ts";
import type { Room } from "../tenancy/tenant-limits.ts";
import { type ImportRow, invalid, type RowClient, type RowProblem } from "./import-row.ts";

/** An API of the workspace, as far as a grant needs it. */
export interface PlanApi {
  readonly id: string;
  /** One of Mintmark's own: nobody grants more of it than they hold. */
  readonly isOwnApi: boolean;
  /** The ids of its scopes by their names. */
  readonly scopes: ReadonlyMap<string, string>;
}

/** What is known when some lines are decided. */
export interface PlanFacts {
  readonly now: Date;
  /** Ids, client ids and names of clients that are there, among those which the lines use. */
  readonly taken: { readonly ids: ReadonlySet<string>; readonly names: ReadonlySet<string> };
  /** APIs by their identifiers, among those which the lines name. */
  readonly apis: ReadonlyMap<string, PlanApi>;
  /** Why whoever imports may grant nothing. */
  readonly mayNotGrant: Failure | undefined;
  /** Those scopes of Mintmark's own APIs that whoever imports does not hold. */
  readonly notHeld: (scopes: readonly string[]) => readonly string[];
  readonly secretLife: LongestLife;
  readonly keyLife: LongestLife;
  /** A client without a key of its own gets a secret. */
  readonly sealsSecrets: boolean;
  /** Clients that the tenant may still have; undefined: any number. */
  readonly room: Room | undefined;
}

/** What a client proves itself with. */
export type PlannedCredential =
  | { readonly kind: "secret" }
  | { readonly kind: "key"; readonly key: ReadPublicKey }
  | { readonly kind: "keySet"; readonly jwksUri: string };

/** A client that will be made. */
export interface PlannedClient {
  readonly client: RowClient;
  readonly grants: readonly {
    readonly resourceId: string;
    /** Sorted by name. */
    readonly scopes: readonly { readonly id: string; readonly name: string }[];
  }[];
  readonly credential: PlannedCredential;
  readonly expiresAt: Date | null;
}

/** What becomes of one line. */
export type Decision = PlannedClient | RowProblem;

export const isPlanned = (decision: Decision): decision is PlannedClient => "client" in decision;

/** Decides each line by the rules of making a client, granting it access and giving it a credential. Pure. */
export function decideRows(rows: readonly ImportRow[], facts: PlanFacts): readonly Decision[] {
  let left = facts.room?.left ?? Number.POSITIVE_INFINITY;
  return rows.map(({ client, problem }) => {
    const decision = client ? planned(client, facts) : (problem ?? invalid("This line says nothing."));
    if (!isPlanned(decision)) return decision;
    if (left > 0) {
      left--;
      return decision;
    }
    return said({ code: "TENANT_LIMIT_REACHED", noun: "client", limit: facts.room?.limit ?? 0 });
  });
}

/** A failure as a line of the report says it. */
const said = (failure: Failure): RowProblem => {
  const { message, fix } = describe(failure);
  return { code: failure.code, problem: message, fix };
};

function planned(client: RowClient, facts: PlanFacts): Decision {
  const exists = existing(client, facts);
  if (exists) return exists;
  const grants = [];
  for (const grant of client.grants) {
    const found = grantOf(grant, facts);
    if ("code" in found) return found;
    grants.push(found);
  }
  const credential = credentialOf(client, facts);
  if ("code" in credential) return credential;
  const life = credential.kind === "secret" ? facts.secretLife : facts.keyLife;
  const expiresAt = client.expiresAt ?? endOf(life, facts.now);
  const failure = spanFailure({ notBefore: facts.now, expiresAt }, life, facts.now);
  return failure ? said(failure) : { client, grants, credential, expiresAt };
}

const DAY_MS = 24 * 3600 * 1000;

/** Where the workspace bounds lives, a line that names no end means the latest one. */
const endOf = ({ days }: LongestLife, now: Date): Date | null =>
  days === null ? null : new Date(now.getTime() + days * DAY_MS);

function existing({ clientId, name }: RowClient, { taken }: PlanFacts): RowProblem | undefined {
  const fix = "Leave the line out, or call this client something else.";
  if (clientId !== undefined && taken.ids.has(clientId))
    return { code: "ALREADY_EXISTS", problem: `There is already a client ${clientId} in this workspace.`, fix };
  // A line without a client_id is known by its name: a file that is imported twice makes nothing twice.
  if (clientId === undefined && taken.names.has(name))
    return {
      code: "ALREADY_EXISTS",
      problem: `There is already a client with the name ${name} in this workspace.`,
      fix: `${fix} With a clientId of its own it may have the same name.`,
    };
  return undefined;
}

function grantOf(
  { resource, scopes }: RowClient["grants"][number],
  { apis, mayNotGrant, notHeld }: PlanFacts,
): PlannedClient["grants"][number] | RowProblem {
  if (mayNotGrant) return said(mayNotGrant);
  const api = apis.get(resource);
  if (!api)
    return {
      code: "NOT_FOUND",
      problem: `There is no API ${resource} in this workspace that you may see.`,
      fix: "Register the API first, or correct the line.",
    };
  const names = [...new Set(scopes)].sort();
  const unknown = names.filter((name) => !api.scopes.has(name));
  if (unknown.length > 0)
    return {
      code: "NOT_FOUND",
      problem: `${resource} has no scope ${unknown.join(", ")}.`,
      fix: "Add the scope to the API first, or correct the line.",
    };
  const lacking = api.isOwnApi ? notHeld(names) : [];
  if (lacking.length > 0) return said({ code: "MORE_THAN_HELD", scopes: lacking });
  return { resourceId: api.id, scopes: names.map((name) => ({ id: api.scopes.get(name) ?? "", name })) };
}

function credentialOf({ publicKey, jwksUri }: RowClient, { sealsSecrets }: PlanFacts): PlannedCredential | RowProblem {
  if (jwksUri !== undefined) return { kind: "keySet", jwksUri };
  if (publicKey !== undefined) {
    const key = keyIn(publicKey);
    return "code" in key ? said(key) : { kind: "key", key };
  }
  if (sealsSecrets) return { kind: "secret" };
  return invalid(
    "The line brings no public key, and this import has no key that a secret could be sealed to.",
    "Give publicKey or jwksUri, or import it with a sealing key.",
  );
}
