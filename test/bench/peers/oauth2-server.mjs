// @node-oauth/oauth2-server behind express, signing by jose: in memory, client credentials only, ES256.
import { randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import OAuth2Server from "@node-oauth/oauth2-server";
import express from "express";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const { port, clients } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: "bench", alg: "ES256", use: "sig" };
const known = new Map(clients.map((client) => [client.clientId, client]));
const issuer = `http://localhost:${port}`;

const isEqual = (one, other) => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
const model = {
  getClient: async (clientId, secret) => {
    const client = known.get(clientId);
    return client && isEqual(client.clientSecret, secret ?? "")
      ? { id: clientId, grants: ["client_credentials"] }
      : false;
  },
  getUserFromClient: async (client) => ({ id: client.id }),
  validateScope: async (_user, _client, scope) => scope ?? ["orders:read"],
  saveToken: async (token, client, user) => ({ ...token, client, user }),
  generateAccessToken: (client, _user, scope) =>
    new SignJWT({ client_id: client.id, scope: (scope ?? ["orders:read"]).join(" ") })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "bench" })
      .setIssuer(issuer)
      .setAudience("https://orders.example.com/")
      .setSubject(client.id)
      .setIssuedAt()
      .setExpirationTime("15m")
      .setJti(randomUUID())
      .sign(privateKey),
};

const oauth = new OAuth2Server({ model, accessTokenLifetime: 900 });
const app = express();
app.disable("x-powered-by");
app.use(express.urlencoded({ extended: false }));
app.post("/token", async (incoming, outgoing) => {
  const request = new OAuth2Server.Request(incoming);
  const response = new OAuth2Server.Response(outgoing);
  try {
    await oauth.token(request, response);
    outgoing.set(response.headers).status(response.status).json(response.body);
  } catch (error) {
    outgoing.status(error.code ?? 500).json({ error: error.name });
  }
});
app.get("/jwks", (_, outgoing) => outgoing.json({ keys: [jwk] }));
app.listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
