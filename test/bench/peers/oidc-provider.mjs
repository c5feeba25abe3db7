// oidc-provider at its friendliest: in memory, no interaction, client credentials only, ES256 JWT access tokens.

import cluster from "node:cluster";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

const { port, clients, workers = 1, isOpaque = false } = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (workers > 1 && cluster.isPrimary) {
  const jwk = keyOf();
  for (let worker = 0; worker < workers; worker++) cluster.fork({ BENCH_JWK: JSON.stringify(jwk) });
} else serve(process.env.BENCH_JWK ? JSON.parse(process.env.BENCH_JWK) : keyOf());

function keyOf() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig", kid: "bench" };
}

function serve(jwk) {
  const provider = new Provider(`http://localhost:${port}`, {
    jwks: { keys: [jwk] },
    clients: clients.map(({ clientId, clientSecret }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ["client_credentials"],
      id_token_signed_response_alg: "ES256",
      redirect_uris: [],
      response_types: [],
    })),
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "https://orders.example.com/",
        getResourceServerInfo: () => ({
          scope: "orders:read",
          audience: "https://orders.example.com/",
          accessTokenFormat: isOpaque ? "opaque" : "jwt",
          accessTokenTTL: 900,
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
    scopes: ["orders:read"],
    ttl: { ClientCredentials: 900 },
  });
  provider.listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
}
