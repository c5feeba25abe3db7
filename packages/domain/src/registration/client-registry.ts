import { timingSafeEqual } from "node:crypto";
import { isDatabaseUnavailable } from "@mintmark/db";
import { clientRegistrations, clients, initialAccessTokens } from "@mintmark/db/schema";
import {
  type ClientMetadata,
  type ClientRegistry,
  type Issuer,
  type Failure as IssuerFailure,
  type ManagedClient,
  type Provenance,
  type Registration,
  StoreUnavailable,
} from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import type { RegistrarPrincipal } from "../authority/principal.ts";
import { type Actor, type Answer, change, readerOf } from "../change/actor.ts";
import type { Installation } from "../change/handle.ts";
import { describe, Refusal } from "../failure.ts";
import { livingRow } from "../living-row.ts";
import { RemoveRegistered, ReplaceRegistration } from "./change-registration.ts";
import { ceilingsOf, isValueOf } from "./initial-access-token-row.ts";
import { RegisterClient, RegistrationRefused, tokenFailure } from "./register-client.ts";
import { workingSecrets } from "./registered-credentials.ts";
import { readRegistrationToken } from "./registration-token.ts";
import { grantsOf, heldGrants, readRegistration, registrationRow } from "./registration-view.ts";

/** @param claimed what the token says that it is of, or the client that it came for */
const unknown = (claimed = ""): IssuerFailure => ({ reason: "registration_token_unknown", claimed });

/** A client that manages itself, with what its initial access token says of its secrets. */
interface Managed extends ManagedClient {
  readonly secretLifetime: number | null;
}

/** Keeps registered clients in PostgreSQL. */
export function clientRegistry(installation: Installation): ClientRegistry {
  const { database, keyring } = installation;
  return {
    findInitialAccess: (issuer, token) =>
      answering(async () => {
        const named = namedIn(issuer, token, "iat");
        const isIt = and(
          eq(initialAccessTokens.tenantId, issuer.tenantId),
          eq(initialAccessTokens.workspaceId, issuer.workspaceId),
          eq(initialAccessTokens.id, named ?? ""),
        );
        const [row] = await database.select().from(initialAccessTokens).where(isIt);
        if (!isValueOf(keyring, row, token) || !row) return unknown(named);
        const failure = tokenFailure(row, installation.now());
        if (failure) return failure;
        const ceilings = await ceilingsOf({ tx: database, tenantId: issuer.tenantId }, [row.id]);
        return {
          id: row.id,
          methods: methodsOf(row.methods),
          exchange: true,
          grants: grantsOf(ceilings.get(row.id) ?? []),
        };
      }),
    register: (issuer, access, wanted, from) =>
      answering(async () => {
        const actor = actorOf(installation, issuer, access.id, from);
        const { workspaceId } = issuer;
        const { id, secret } = await change(actor, RegisterClient, {
          workspaceId,
          tokenId: access.id,
          ...said(wanted),
        });
        const made = await readAs(actor, issuer, id);
        const registrationAccessToken = secret?.["registrationAccessToken"];
        if (!made || registrationAccessToken === undefined) return unknown(id);
        return { ...made, ...shown(secret), registrationAccessToken };
      }),
    findManaged: (issuer, clientId, token) =>
      answering(async (): Promise<Managed | IssuerFailure> => {
        // A registered client's `client_id` is its own id, and the token names it.
        const named = namedIn(issuer, token, "cli");
        const isIt = and(
          eq(clientRegistrations.tenantId, issuer.tenantId),
          eq(clientRegistrations.workspaceId, issuer.workspaceId),
          eq(clientRegistrations.clientId, named === clientId ? named : ""),
        );
        const [row] = await database
          .select({ registration: clientRegistrations, client: clients, token: initialAccessTokens })
          .from(clientRegistrations)
          .innerJoin(
            clients,
            and(eq(clients.tenantId, clientRegistrations.tenantId), eq(clients.id, clientRegistrations.clientId)),
          )
          .innerJoin(
            initialAccessTokens,
            and(
              eq(initialAccessTokens.tenantId, clientRegistrations.tenantId),
              eq(initialAccessTokens.id, clientRegistrations.tokenId),
            ),
          )
          .where(isIt);
        if (!isValueOf(keyring, row?.registration, token) || !row || row.registration.revokedAt)
          return unknown(clientId.slice(0, 64));
        if (row.client.status === "disabled" || row.client.approval !== "approved")
          return { reason: "registered_client_disabled", clientId };
        const { id } = row.client;
        return {
          id,
          methods: methodsOf(row.token.methods),
          exchange: row.client.settings["tokenExchange"] !== "refused",
          grants: grantsOf(await heldGrants(readerOf(actorOf(installation, issuer, id, nowhere)), id)),
          secretLifetime: row.token.secretLifetime,
        };
      }),
    read: (issuer, { id }) =>
      answering(async () => (await readAs(actorOf(installation, issuer, id, nowhere), issuer, id)) ?? unknown(id)),
    hasSecret: (issuer, { id }, value) =>
      asked(async () => {
        const working = await workingSecrets(readerOf(actorOf(installation, issuer, id, nowhere)), id);
        return working.some((row) => timingSafeEqual(keyring.digest(value, row.pepperVersion), row.digest));
      }),
    replace: (issuer, client, wanted, from) =>
      answering(async () => {
        const actor = actorOf(installation, issuer, client.id, from);
        const { secretLifetime } = client as Managed;
        const input = { clientId: client.id, secretLifetime, ...said(wanted) };
        const { secret } = await change(actor, ReplaceRegistration, input);
        const registration = await readAs(actor, issuer, client.id);
        return registration ? { ...registration, ...shown(secret) } : unknown(client.id);
      }),
    remove: (issuer, { id }, from) =>
      answering(async () => {
        await change(actorOf(installation, issuer, id, from), RemoveRegistered, { clientId: id });
        return undefined;
      }),
  };
}

/** The row that a token of this workspace says it is of. */
function namedIn(issuer: Issuer, token: string, prefix: "iat" | "cli"): string | undefined {
  const named = readRegistrationToken(token, prefix);
  const isHere = named?.tenantId === issuer.tenantId && named.workspaceId === issuer.workspaceId;
  return isHere ? named.id : undefined;
}

const methodsOf = (methods: readonly string[] | null) =>
  methods === null ? undefined : new Set(methods as ClientMetadata["methods"][0][]);

const said = (wanted: ClientMetadata) => ({ wanted, ...(wanted.name !== undefined && { client_name: wanted.name }) });

const shown = (secret: Answer["secret"]): Pick<Registration, "secret"> => {
  const value = secret?.["secret"];
  return value === undefined ? {} : { secret: value };
};

/** For what leaves no record. */
const nowhere: Provenance = { correlationId: "", address: "", agent: undefined };

/** The token, or the client itself, as who changes something. */
function actorOf(installation: Installation, issuer: Issuer, id: string, from: Provenance): Actor {
  const { tenantId, workspaceId } = issuer;
  const principal: RegistrarPrincipal = { kind: "registrar", tenantId, isRootTenant: false, workspaceId, id };
  return { installation, principal, ...from };
}

async function readAs(actor: Actor, issuer: Issuer, id: string): Promise<Registration | undefined> {
  const read = readerOf(actor);
  const client = await livingRow(read, clients, id);
  const row = await registrationRow(read, id);
  return client && row && readRegistration(read, client, row, issuer.tokenExchange === "allowed");
}

/** Turns what a change throws into what the protocol says. */
async function answering<T>(work: () => Promise<T>): Promise<T | IssuerFailure> {
  try {
    return await asked(work);
  } catch (error) {
    if (error instanceof RegistrationRefused) return error.failure;
    if (error instanceof Refusal) return failureOf(error);
    throw error;
  }
}

/** Tells a database that is away from every other error. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDatabaseUnavailable(error) ? new StoreUnavailable("the database is away", { cause: error }) : error;
  }
}

/** What the rules of clients refuse, as they would from an administrator. */
function failureOf({ failures: [failure] }: Refusal): IssuerFailure {
  if (!failure || failure.code === "UNAUTHENTICATED" || failure.code === "FORBIDDEN") return unknown();
  if (failure.code === "NOT_FOUND" && failure.noun === "client") return unknown(failure.id);
  const { message, fix } = describe(failure);
  const [first = "client"] = "path" in failure ? failure.path : [];
  return {
    reason: "invalid_client_metadata",
    member: memberOf[first] ?? first,
    problem: "refused",
    allowed: [],
    detail: `${message} ${fix}`,
  };
}

/** What the protocol calls a member of an input of ours. */
const memberOf: Readonly<Record<string, string>> = {
  publicKey: "jwks",
  certificate: "jwks",
  jwksUri: "jwks_uri",
  scopes: "scope",
  resourceId: "resource",
};
