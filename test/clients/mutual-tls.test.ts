import { X509Certificate } from "node:crypto";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificateFetch } from "../support/certificate-fetch.ts";
import { certificates } from "../support/certificates.ts";
import { freePort } from "../support/free-port.ts";
import { decodeJwt } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const made = certificates();
afterAll(() => made.remove());
const own = made.make({ subject: "/CN=localhost", names: "DNS:localhost" });
const authority = made.make({ subject: "/CN=Authority for clients", isAuthority: true });
const shown = made.make({ names: "DNS:reports.example.com", by: authority, extended: "clientAuth" });
const another = made.make({ names: "DNS:else.example.com", by: authority, extended: "clientAuth" });

const world = useWorld({
  MTLS_PORT: String(await freePort()),
  MTLS_CERT_FILE: own.certFile,
  MTLS_KEY_FILE: own.keyFile,
});

let story: StoryClient;
beforeAll(async () => {
  story = await world.tenant().workspace().resource("orders", ["read"]).client();
  const { admin, id: workspaceId } = story.workspace;
  await admin.must("addClientAuthority", { workspaceId, certificate: authority.cert }, "clientAuthority { id }");
  const named = { clientId: story.id, sanDns: "reports.example.com" };
  await admin.must("createClientCertificate", named, "clientCertificate { id }");
});

const thumbprint = Buffer.from(new X509Certificate(shown.cert).fingerprint256.replaceAll(":", ""), "hex").toString(
  "base64url",
);
const isBound = (token: string) =>
  expect(decodeJwt(token).claims).toMatchObject({ sub: story.clientId, cnf: { "x5t#S256": thumbprint } });

describe("[A12] [S9] tls_client_auth at mtls_endpoint_aliases, from the metadata alone", () => {
  test("oauth4webapi: obtains a token that is bound to its certificate, introspects and revokes it; another name → 401", async () => {
    const issuer = new URL(story.workspace.issuer);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
    const server = await oauth.processDiscoveryResponse(issuer, found);
    const self = { client_id: story.clientId, use_mtls_endpoint_aliases: true };
    const over = (pair: typeof shown) => ({ [oauth.customFetch]: certificateFetch(pair, own.cert) });
    const obtain = async (pair: typeof shown) =>
      oauth.processClientCredentialsResponse(
        server,
        self,
        await oauth.clientCredentialsGrantRequest(server, self, oauth.TlsClientAuth(), {}, over(pair)),
      );
    const { access_token: token } = await obtain(shown);
    isBound(token);
    const isActive = async () => {
      const answer = await oauth.introspectionRequest(server, self, oauth.TlsClientAuth(), token, over(shown));
      return (await oauth.processIntrospectionResponse(server, self, answer)).active;
    };
    expect(await isActive()).toBe(true);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, self, oauth.TlsClientAuth(), token, over(shown)),
    );
    expect(await isActive()).toBe(false);
    await expect(obtain(another)).rejects.toMatchObject({ error: "invalid_client", status: 401 });
  });

  test("openid-client: the same", async () => {
    const metadata = { use_mtls_endpoint_aliases: true };
    const discover = (pair: typeof shown) =>
      client.discovery(new URL(story.workspace.issuer), story.clientId, metadata, client.TlsClientAuth(), {
        execute: [client.allowInsecureRequests],
        algorithm: "oauth2",
        [client.customFetch]: (url, options) =>
          url.startsWith("https:")
            ? certificateFetch(pair, own.cert)(url, options)
            : fetch(url, options as RequestInit),
      });
    const config = await discover(shown);
    const { access_token: token } = await client.clientCredentialsGrant(config);
    isBound(token);
    expect(await client.tokenIntrospection(config, token)).toMatchObject({ active: true });
    await client.tokenRevocation(config, token);
    expect(await client.tokenIntrospection(config, token)).toEqual({ active: false });
    await expect(client.clientCredentialsGrant(await discover(another))).rejects.toMatchObject({ status: 401 });
  });
});
