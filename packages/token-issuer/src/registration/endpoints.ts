import type { Call } from "../call.ts";
import type { Endpoint } from "../endpoints.ts";
import { type Failure, isFailure } from "../failure.ts";
import { privateHeaders, privateJsonHeaders } from "../failure-response.ts";
import { supportedMethods } from "../metadata.ts";
import { notBearer, readPresentedToken } from "../presented-token.ts";
import { cut, headerValues, type IssuerResponse } from "../request.ts";
import type { JsonObject } from "../strict-json.ts";
import { clientInformation } from "./client-information.ts";
import { readClientMetadata, type Supported } from "./client-metadata.ts";
import { readJson } from "./json-body.ts";
import { given, readText, wrong } from "./metadata-members.ts";
import type { ClientRegistry, ManagedClient, Provenance, Registration } from "./registry.ts";

/** RFC 7591 §3: read → the token's allowance → judge → register → render. */
export const registrationEndpoint: Endpoint = {
  name: "registration",
  methods: ["POST"],
  public: false,
  logged: true,
  async answer(call) {
    const { registry, issuer, request } = call;
    if (!registry) return { reason: "unknown_path" };
    const token = presentedBearer(call);
    if (isFailure(token)) return token;
    const document = readJson(request);
    if (isFailure(document)) return document;
    const access = await registry.findInitialAccess(issuer, token);
    if (isFailure(access)) return access;
    const held = mayGoOn(call, access.id);
    if (held) return held;
    const wanted = readClientMetadata(document, supportedBy(call), access);
    if (isFailure(wanted)) return wanted;
    const made = await registry.register(issuer, access, wanted, provenance(call));
    return isFailure(made) ? made : answer(call, made, made.registrationAccessToken, 201);
  },
};

/** RFC 7592 §2: the client whose token it is, and what it wants of its registration. */
export const clientConfigurationEndpoint: Endpoint = {
  name: "client_configuration",
  methods: ["GET", "PUT", "DELETE"],
  public: false,
  logged: true,
  async answer(call) {
    const { registry, issuer, request, path } = call;
    if (!registry || path.client === undefined) return { reason: "unknown_path" };
    const token = presentedBearer(call);
    if (isFailure(token)) return token;
    const document = request.method === "PUT" ? readJson(request) : {};
    if (isFailure(document)) return document;
    const client = await registry.findManaged(issuer, path.client, token);
    if (isFailure(client)) return client;
    const held = mayGoOn(call, client.id);
    if (held) return held;
    if (request.method === "DELETE") {
      const gone = await registry.remove(issuer, client, provenance(call));
      return gone ?? { status: 204, headers: privateHeaders };
    }
    const registration =
      request.method === "PUT" ? await replace(call, registry, client, document) : await registry.read(issuer, client);
    return isFailure(registration) ? registration : answer(call, registration, token, 200);
  },
};

/** What the server says of a registration; a client that sent it back would seem to choose it (RFC 7592 §2.2). */
const SERVER_MEMBERS = [
  "registration_access_token",
  "registration_client_uri",
  "client_secret_expires_at",
  "client_id_issued_at",
];

/** RFC 7592 §2.2: the whole registration, with the client's own id, and its own secret if any. */
async function replace(
  call: Call,
  registry: ClientRegistry,
  client: ManagedClient,
  document: JsonObject,
): Promise<Registration | Failure> {
  const { issuer, path } = call;
  if (given(document, "client_id") !== path.client) return wrong("client_id", "differs");
  const serverMember = SERVER_MEMBERS.find((member) => Object.hasOwn(document, member));
  if (serverMember !== undefined) return wrong(serverMember, "server_member");
  const secret = readText(document, "client_secret");
  if (isFailure(secret)) return secret;
  if (secret !== undefined && !(await registry.hasSecret(issuer, client, secret)))
    return wrong("client_secret", "differs");
  const wanted = readClientMetadata(document, supportedBy(call), client);
  return isFailure(wanted) ? wanted : registry.replace(issuer, client, wanted, provenance(call));
}

/** The bearer token of a request, unless too many from there were wrong: each costs the store a look. */
function presentedBearer({ request, admission, clock }: Call): string | Failure {
  const presented = readPresentedToken(request);
  if (isFailure(presented))
    return presented.reason === "no_credential" ? { reason: "registration_token_missing" } : presented;
  if (presented.scheme === "Bearer" && presented.isAlias) return notBearer;
  if (presented.scheme !== "Bearer") return { reason: "wrong_scheme", scheme: presented.scheme };
  if (admission.mayLook(clock.now(), () => false)) return presented.token;
  return { reason: "too_many_failures", cause: "registration_token_unknown", retryAfter: 60 };
}

/** Only who has shown the right token hears how the workspace is, and is counted. */
function mayGoOn({ issuer, admission, clock, request }: Call, id: string): Failure | undefined {
  // Taking away must always work.
  if (issuer.status === "suspended" && request.method !== "DELETE") return { reason: "issuer_suspended" };
  return admission.admitRegistration(issuer, id, clock.now());
}

const supportedBy = ({ issuer, mtlsOrigin }: Call): Supported => ({
  methods: supportedMethods(issuer, mtlsOrigin),
  exchange: issuer.tokenExchange === "allowed",
});

function provenance({ request }: Call): Provenance {
  const [agent] = headerValues(request, "user-agent");
  const { correlationId, address } = request;
  return { correlationId, address, agent: agent === undefined ? undefined : cut(agent, 256) };
}

const answer = ({ issuer }: Call, registration: Registration, token: string, status: 200 | 201): IssuerResponse => ({
  status,
  headers: privateJsonHeaders,
  body: JSON.stringify(clientInformation(issuer, registration, token)),
});
