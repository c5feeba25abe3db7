// Somebody else's program, in plain JavaScript: it is copied out of the repository and run there, with nothing but the
// packed issuer and its one dependency beside it. Its own parts are `/program/…`: a clock and a pen for the tests.
import { constants, sign } from "node:crypto";
import { createServer } from "node:http";
// biome-ignore lint/style/noRestrictedImports: this program is its own, and the package is what it tries.
import { BODY_LIMIT, createTokenIssuer, MemoryStore } from "@mintmark/token-issuer";

const endpoints = {
  "oauth2/token": "token",
  "oauth/token": "token",
  "oauth2/introspect": "introspect",
  "oauth2/revoke": "revoke",
  "oauth2/verify": "verify",
  ".well-known/jwks.json": "jwks",
  ".well-known/oauth-authorization-server": "metadata",
};

const store = new MemoryStore();
let frozen;
const clock = {
  now: () => new Date(frozen ?? Date.now()),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
const issuer = createTokenIssuer({ store, clock, onUnexpectedError: (error) => console.error(error) });
const issuers = new Map();

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_LIMIT) return "too-large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function pairs(rawHeaders) {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
}

const bytesOf = {
  ES256: (input, key) => sign("sha256", input, { key, dsaEncoding: "ieee-p1363" }),
  EdDSA: (input, key) => sign(null, input, key),
  RS256: (input, key) => sign("sha256", input, key),
  PS256: (input, key) =>
    sign("sha256", input, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
};

/** Writes with the issuer's own key whatever it is told to: header and payload as raw text. */
async function forge({ workspace, header, payload }) {
  const [key] = issuers.get(workspace).keys;
  const input = [header, payload].map((part) => Buffer.from(part).toString("base64url")).join(".");
  const signature = bytesOf[key.alg](Buffer.from(input), await key.privateKey());
  return `${input}.${signature.toString("base64url")}`;
}

const program = {
  "/program/clock": (wish) => {
    frozen = wish.now;
    return {};
  },
  "/program/forge": async (wish) => ({ token: await forge(wish) }),
  "/program/log": () => ({ log: store.tokenLog }),
};

const server = createServer(async (request, response) => {
  const body = await readBody(request);
  const [path, query = ""] = request.url.split("?");
  if (path in program) {
    response.end(JSON.stringify(await program[path](JSON.parse(body))));
    return;
  }
  const [, tenant, workspace, rest] = /^\/([^/]+)\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const endpoint = endpoints[rest];
  if (!endpoint) {
    response.writeHead(404).end();
    return;
  }
  const answer = await issuer[endpoint](
    { tenant, workspace },
    {
      method: request.method,
      query,
      headers: pairs(request.rawHeaders),
      body,
      address: request.socket.remoteAddress,
      correlationId: "req_0000000000000000000000",
    },
  );
  response.writeHead(answer.status, answer.headers).end(answer.body);
});

server.listen(0, "127.0.0.1", async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  for (const signingAlgorithm of ["ES256", "EdDSA", "PS256", "RS256"]) {
    const workspace = signingAlgorithm.toLowerCase();
    const url = `${origin}/acme/${workspace}`;
    const made = await store.addIssuer({ tenant: "acme", workspace, url, signingAlgorithm });
    issuers.set(workspace, made);
    store.addResource(made, "https://orders.example.com/", ["read", "write"]);
    store.addClient(made, { clientId: "robot", grants: { "https://orders.example.com/": ["read"] } });
    store.addSecret(made, "robot", { value: "a-secret-of-more-than-32-characters" });
  }
  console.log(JSON.stringify({ origin }));
});
