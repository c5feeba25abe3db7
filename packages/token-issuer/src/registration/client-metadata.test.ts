import { expect, test } from "vitest";
import { isFailure } from "../failure.ts";
import type { JsonObject } from "../strict-json.ts";
import { readClientMetadata, type Supported } from "./client-metadata.ts";
import type { Allowance } from "./registry.ts";

const supported: Supported = {
  methods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"],
  exchange: true,
};
const allowance: Allowance = {
  methods: undefined,
  exchange: true,
  grants: new Map([
    ["https://orders.example.com/", new Set(["read", "write"])],
    ["https://stock.example.com/", new Set(["read"])],
    ["https://nothing.example.com/", new Set<string>()],
  ]),
};
const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

function read(document: JsonObject, over: Partial<Supported> = {}, bounds: Partial<Allowance> = {}) {
  return readClientMetadata(document, { ...supported, ...over }, { ...allowance, ...bounds });
}
function grantsOf(document: JsonObject) {
  const read_ = read(document);
  return isFailure(read_) ? read_ : Object.fromEntries([...read_.grants].map(([name, scopes]) => [name, [...scopes]]));
}
const problemOf = (answer: ReturnType<typeof read>) =>
  isFailure(answer) && answer.reason === "invalid_client_metadata" ? `${answer.member} ${answer.problem}` : answer;

test("nothing said → the defaults of RFC 7591 §2, and all that may be granted", () => {
  expect(read({})).toMatchObject({
    name: undefined,
    methods: ["client_secret_basic", "client_secret_post"],
    credentials: { kind: "secret" },
    mayExchange: false,
    requiresDpop: false,
    requiresCertificate: false,
  });
  const all = { "https://orders.example.com/": ["read", "write"], "https://stock.example.com/": ["read"] };
  expect(grantsOf({})).toEqual(all);
  // RFC 7592 §2.2: null and empty are nothing.
  expect(grantsOf({ scope: null, resource: null, client_name: null, jwks: null })).toEqual(all);
  expect(grantsOf({ scope: "", grant_types: [], response_types: [] })).toEqual(all);
});

test("a scope → at each resource that has it; with a resource → there alone", () => {
  expect(grantsOf({ scope: "read" })).toEqual({
    "https://orders.example.com/": ["read"],
    "https://stock.example.com/": ["read"],
  });
  expect(grantsOf({ scope: "write" })).toEqual({ "https://orders.example.com/": ["write"] });
  expect(grantsOf({ scope: "read", resource: "https://stock.example.com/" })).toEqual({
    "https://stock.example.com/": ["read"],
  });
  expect(grantsOf({ resource: [] })).toEqual({});
});

test.each<readonly [JsonObject, string]>([
  [{ scope: "delete" }, "scope not_allowed"],
  [{ scope: "Read" }, "scope not_allowed"],
  [{ scope: "write", resource: "https://stock.example.com/" }, "scope not_allowed"],
  [{ resource: "https://stock.example.com" }, "resource not_allowed"],
  [{ resource: 7 }, "resource type"],
  [{ resource: ["https://stock.example.com/", 7] }, "resource type"],
  [{ grant_types: "client_credentials" }, "grant_types type"],
  [{ grant_types: [exchange] }, "grant_types missing"],
  [{ response_types: ["token"] }, "response_types unsupported"],
  [{ jwks: { keys: {} } }, "jwks type"],
  [{ jwks: { keys: [null] } }, "jwks type"],
  [{ jwks: [] }, "jwks type"],
  [{ jwks_uri: 7 }, "jwks_uri type"],
  [{ jwks: { keys: [] }, jwks_uri: "https://k.example.com/" }, "jwks both"],
  [{ token_endpoint_auth_method: 7 }, "token_endpoint_auth_method type"],
  [{ token_endpoint_auth_method: "tls_client_auth" }, "tls_client_auth_subject_dn needed"],
  [
    { token_endpoint_auth_method: "tls_client_auth", tls_client_auth_san_ip: "1" },
    "tls_client_auth_san_ip certificate_name",
  ],
  [{ tls_client_certificate_bound_access_tokens: 1 }, "tls_client_certificate_bound_access_tokens type"],
])("%o → %s", (document, problem) => expect(problemOf(read(document))).toBe(problem));

test("a private part of a key → refused, whatever the method has keys for", () => {
  for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
    for (const token_endpoint_auth_method of ["client_secret_basic", "private_key_jwt"])
      expect(problemOf(read({ token_endpoint_auth_method, jwks: { keys: [{ kty: "RSA", [member]: "AA" }] } }))).toBe(
        "jwks private",
      );
});

test("a method that the token does not allow → refused, by default too; token exchange likewise", () => {
  const methods = new Set(["private_key_jwt"] as const);
  expect(problemOf(read({}, {}, { methods }))).toBe("token_endpoint_auth_method not_allowed");
  const posting = { methods: new Set(["client_secret_post"] as const) };
  expect(read({}, {}, posting)).toMatchObject({ methods: ["client_secret_post"] });
  expect(read({ grant_types: ["client_credentials", exchange] })).toMatchObject({ mayExchange: true });
  const wanted = { grant_types: ["client_credentials", exchange] };
  expect(problemOf(read(wanted, {}, { exchange: false }))).toBe("grant_types not_allowed");
  expect(problemOf(read(wanted, { exchange: false }))).toBe("grant_types unsupported");
});
