import { createHmac } from "node:crypto";
import {
  type Clock,
  createTokenIssuer,
  type IssuerEndpoint,
  type IssuerRequest,
  type IssuerResponse,
  type IssuerStore,
  MemoryStore,
  type NewIssuer,
  type TokenIssuer,
  type TokenIssuerOptions,
} from "../index.ts";

/** A clock that moves only when told, and notes how long it was asked to sleep. */
class StillClock implements Clock {
  readonly slept: number[] = [];
  #now: number;
  constructor(now: Date) {
    this.#now = now.getTime();
  }
  now(): Date {
    return new Date(this.#now);
  }
  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.#now += milliseconds;
  }
  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

export const path = { tenant: "acme", workspace: "payments" } as const;
export const url = "https://id.example.com/acme/payments";
export const orders = "https://api.example.com/orders";
export const stock = "https://api.example.com/stock";
export const clientId = "billing";
export const secret = "billing-secret-of-enough-length-0001";

/** One workspace, two APIs, a client `billing` with two of three scopes at orders, and `stranger` with a grant at stock. */
export async function newWorld(issuerOptions: Partial<NewIssuer> = {}, options: Partial<TokenIssuerOptions> = {}) {
  const clock = new StillClock(new Date("2026-03-01T12:00:00.250Z"));
  const store = new MemoryStore();
  const workspace = await store.addIssuer({ ...path, url, ...issuerOptions });
  store.addResource(workspace, orders, ["orders:read", "orders:write", "orders:delete"], ["orders-api"]);
  store.addResource(workspace, stock, ["stock:read"]);
  store.addClient(workspace, { clientId, grants: { [orders]: ["orders:read", "orders:write"] } });
  const { id: secretId } = store.addSecret(workspace, clientId, { value: secret });
  for (const other of ["stranger", "orders-api"]) {
    store.addClient(workspace, { clientId: other, grants: { [stock]: ["stock:read"] } });
    store.addSecret(workspace, other, { value: `${other}-secret` });
  }
  const issuer = createTokenIssuer({
    store,
    clock,
    errorUri: (_path, correlationId) => `https://id.example.com/explain?request=${correlationId}`,
    ...options,
  });
  return { clock, store, workspace, issuer, secretId };
}

export const basic = (id = clientId, value = secret): [string, string] => [
  "Authorization",
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(value)}`).toString("base64")}`,
];

export const formType: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];

/** A request as a server would hand it over; the body is a form unless it says otherwise. */
export function request(
  change: Partial<Omit<IssuerRequest, "body">> & { body?: string | Uint8Array } = {},
): IssuerRequest {
  const { body = "", ...rest } = change;
  return {
    method: "POST",
    query: "",
    headers: [formType],
    address: "192.0.2.7",
    correlationId: "req_0123456789abcdefghijkl",
    body: typeof body === "string" ? Buffer.from(body) : body,
    ...rest,
  };
}

export const form = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams(parameters).toString();

/** POSTs a form with the billing client's Basic header, unless other headers are given. */
export async function post(
  endpoint: IssuerEndpoint,
  parameters: Readonly<Record<string, string>>,
  headers: [string, string][] = [basic()],
): Promise<IssuerResponse & { json: Record<string, unknown> }> {
  const response = await endpoint(path, request({ headers: [formType, ...headers], body: form(parameters) }));
  return { ...response, json: response.body ? JSON.parse(response.body) : {} };
}

/** A token of the billing client for orders. */
export async function getToken(
  issuer: TokenIssuer,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { json } = await post(issuer.token, { grant_type: "client_credentials", resource: orders, ...parameters });
  return String(json["access_token"]);
}

/** A store that behaves as another but for some methods. */
export function storeWith(store: MemoryStore, change: Partial<IssuerStore>): IssuerStore {
  return {
    pepperVersions: store.pepperVersions,
    findIssuer: (tenant, workspace, freshness) => store.findIssuer(tenant, workspace, freshness),
    findClient: (issuer, id) => store.findClient(issuer, id),
    secretDigest: (value, version) => store.secretDigest(value, version),
    appendToTokenLog: (issuer, record) => store.appendToTokenLog(issuer, record),
    takeReplayId: (issuer, replay) => store.takeReplayId(issuer, replay),
    revokeToken: (issuer, revocation) => store.revokeToken(issuer, revocation),
    isTokenRevoked: (issuer, jti) => store.isTokenRevoked(issuer, jti),
    findApiToken: (issuer, value) => store.findApiToken(issuer, value),
    revokeApiToken: (issuer, token) => store.revokeApiToken(issuer, token),
    noteApiTokenUse: () => {},
    noteTokenUse: () => {},
    ...change,
  };
}

/** A JWT with any header and payload text, signed by HMAC: for what must be refused whatever the signature. */
export function forgedJwt(header: string, payload: string, key: string | Uint8Array = "k"): string {
  const input = `${Buffer.from(header).toString("base64url")}.${Buffer.from(payload).toString("base64url")}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}
