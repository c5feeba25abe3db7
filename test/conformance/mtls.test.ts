import { type ChildProcess, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type SecureVersion } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificates, type Pair } from "../support/certificates.ts";
import { freePort } from "../support/free-port.ts";
import { type Answer, eventually, send } from "../support/http.ts";
import { type Nginx, startNginx } from "../support/nginx.ts";
import { basic, bearer, decodeJwt, encodeForm, type Form, type Pairs, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

const made = certificates();
const own = made.make({ subject: "/CN=localhost", names: "DNS:localhost,IP:127.0.0.1" });
const authority = made.make({ subject: "/O=Acme/CN=Authority for clients", isAuthority: true });
const otherAuthority = made.make({ subject: "/O=Acme/CN=Authority for clients", isAuthority: true });
const [mtlsPort, proxySecret] = [await freePort(), "a secret between the proxies and the server"];
const mtlsOrigin = `https://localhost:${mtlsPort}`;

const world = useWorld({
  MTLS_PORT: String(mtlsPort),
  MTLS_CERT_FILE: own.certFile,
  MTLS_KEY_FILE: own.keyFile,
  MTLS_PROXY_SECRET: proxySecret,
  TRUSTED_PROXIES: "127.0.0.2",
});

let workspace: StoryWorkspace;
/** Known by its subject; its tokens are for `orders`. */
let client: StoryClient;
let orders: string;
const subject = "/C=DE/O=Acme, Inc./CN=reports";
const trusted = made.make({ subject, by: authority });

beforeAll(async () => {
  workspace = await world.tenant().workspace().resource("orders", ["read"]).ready();
  orders = workspace.resource("orders").identifier;
  await workspace.admin.must(
    "addClientAuthority",
    { workspaceId: workspace.id, certificate: authority.cert },
    "clientAuthority { id }",
  );
  client = await workspace.addClient();
  await register(client, { subjectDn: "CN=reports,O=Acme\\, Inc.,C=DE" });
});
afterAll(() => made.remove());

const register = async ({ id: clientId }: StoryClient, by: object): Promise<string> => {
  const input = { clientId, ...by };
  const { clientCertificate } = await workspace.admin.must(
    "createClientCertificate",
    input,
    "clientCertificate { id }",
  );
  return (clientCertificate as { id: string }).id;
};

/** Sends a request over TLS, with a certificate or without, on a connection of its own. */
function over(url: string, pair: Pair | undefined, form?: Form, headers: Pairs = []): Promise<Answer> {
  const body = form && encodeForm(form);
  const type: Pairs = body === undefined ? [] : [["Content-Type", "application/x-www-form-urlencoded"]];
  const agent = new Agent({ keepAlive: false, ca: own.cert, ...(pair && { cert: pair.cert, key: pair.key }) });
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const all = [["Host", new URL(url).host], ...type, ...headers].flat();
    const outgoing = request(url, { agent, method, headers: all }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const json = () => JSON.parse(text) as Record<string, unknown>;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, json });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const alias = () => `${mtlsOrigin}${new URL(workspace.issuer).pathname}/oauth2`;
const form = ({ clientId }: StoryClient) => ({ grant_type: "client_credentials", client_id: clientId });
const ask = (of: StoryClient, pair: Pair | undefined) => over(`${alias()}/token`, pair, form(of));
const thumbprint = ({ cert }: Pair) =>
  Buffer.from(new X509Certificate(cert).fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
const tokenOf = (answer: Answer): string => {
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining("access_token")]);
  return String(answer.json()["access_token"]);
};
const cnfOf = (answer: Answer) => decodeJwt(tokenOf(answer)).claims["cnf"];

/** Why a request was refused, as the operator reads it. */
const reasonOf = async (answer: Answer): Promise<unknown> => (await refusalOf(answer))?.reason;

async function refusalOf(answer: Answer) {
  const id = answer.json()["correlation_id"];
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { tokenLog(first: 100) {
    nodes { correlationId reason evidence } } } } }`;
  const { node } = (await workspace.admin.run(document, { id: workspace.id })) as {
    node: { tokenLog: { nodes: { correlationId: string; reason: string; evidence: unknown }[] } };
  };
  return node.tokenLog.nodes.find(({ correlationId }) => correlationId === id);
}

describe("[S9] on a connection to the server itself", () => {
  test("the subject that is registered, by the workspace's authority → a token that is bound to the certificate", async () => {
    expect(cnfOf(await ask(client, trusted))).toEqual({ "x5t#S256": thumbprint(trusted) });
  });

  test("each kind of name → a token", async () => {
    for (const [by, name, names] of [
      ["sanDns", "Reports.example.com", "DNS:reports.example.com,email:a@b.example"],
      ["sanUri", "spiffe://example.com/reports", "URI:spiffe://example.com/reports"],
      ["sanIp", "2001:db8::7", "IP:2001:db8::7"],
      ["sanEmail", "reports@example.com", "email:reports@example.com"],
    ] as const) {
      const known = await workspace.addClient();
      await register(known, { [by]: name });
      const pair = made.make({ names, by: authority, extended: "clientAuth" });
      expect([by, (await ask(known, pair)).status]).toEqual([by, 200]);
    }
  });

  test("two names, a name beside a certificate, or none → refused by name at the Admin API (§2.1.2: exactly one)", async () => {
    const { id: clientId } = await workspace.addClient();
    const [sanDns, sanUri] = ["reports.example.com", "spiffe://example.com/reports"];
    for (const [by, path] of [
      [{ sanDns, sanUri }, "sanUri"],
      [{ subjectDn: "CN=reports", sanDns, sanUri }, "sanDns"],
      [{ sanDns, certificate: made.make().cert }, "sanDns"],
      [{}, "certificate"],
    ] as const) {
      const { userErrors } = await workspace.admin.mutate("createClientCertificate", { clientId, ...by }, "__typename");
      expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: [path] }]);
      expect(userErrors[0]?.message).toMatch(/exactly one/);
    }
  });

  test("a self-signed certificate that is registered → a token; another one of the same name → 401", async () => {
    const pinned = await workspace.addClient();
    const pair = made.make({ subject: "/CN=pinned" });
    await register(pinned, { certificate: pair.cert });
    expect(cnfOf(await ask(pinned, pair))).toEqual({ "x5t#S256": thumbprint(pair) });
    const twin = await ask(pinned, made.make({ subject: "/CN=pinned" }));
    expect([twin.status, await reasonOf(twin)]).toEqual([401, "unknown_certificate"]);
  });

  test("no certificate and no other proof → refused; a secret goes on working there, unbound", async () => {
    expect((await ask(client, undefined)).status).toBe(401);
    const answer = await over(`${alias()}/token`, trusted, { grant_type: "client_credentials" }, [basic(client)]);
    expect(cnfOf(answer)).toBeUndefined();
  });

  test("a client with the flag → each token is bound, whatever it came by; without a certificate there is none", async () => {
    const flagged = await workspace.addClient();
    const input = { clientId: flagged.id, certificateBinding: "REQUIRED" };
    await workspace.admin.must("updateClientSettings", input, "client { id }");
    const pair = made.make();
    const grant = { grant_type: "client_credentials" };
    expect(cnfOf(await over(`${alias()}/token`, pair, grant, [basic(flagged)]))).toEqual({
      "x5t#S256": thumbprint(pair),
    });
    const plain = await post(flagged.tokenEndpoint, grant, [basic(flagged)]);
    expect([plain.status, plain.json()["error"], await reasonOf(plain)]).toEqual([
      400,
      "invalid_request",
      "certificate_needed",
    ]);
  });

  test("a revoked registration, and an authority that is trusted no more → 401", async () => {
    const gone = await workspace.addClient();
    const id = await register(gone, { sanDns: "gone.example.com" });
    const pair = made.make({ names: "DNS:gone.example.com", by: authority });
    tokenOf(await ask(gone, pair));
    await workspace.admin.must("revokeClientCertificate", { id }, "clientCertificate { id }");
    const revoked = await eventually(
      () => ask(gone, pair),
      ({ status }) => status === 401,
    );
    expect(await reasonOf(revoked)).toBe("certificate_revoked");

    const mine = made.make({ subject: "/CN=Second", isAuthority: true });
    const added = { workspaceId: workspace.id, certificate: mine.cert };
    const { clientAuthority } = await workspace.admin.must("addClientAuthority", added, "clientAuthority { id }");
    const other = made.make({ subject, by: mine });
    tokenOf(await ask(client, other));
    const { id: authorityId } = clientAuthority as { id: string };
    await workspace.admin.must("removeClientAuthority", { id: authorityId }, "removedClientAuthorityId");
    const refused = await eventually(
      () => ask(client, other),
      ({ status }) => status === 401,
    );
    expect(await reasonOf(refused)).toBe("certificate_untrusted");
  });

  test.each<SecureVersion>(["TLSv1.2", "TLSv1.3"])(
    "a %s session is never resumed: each connection proves its certificate's key anew",
    async (version) => {
      const versions = { minVersion: version, maxVersion: version };
      const shake = (session?: Buffer) =>
        new Promise<{ readonly isResumed: boolean; readonly session: Buffer | undefined }>((resolve, reject) => {
          const { cert, key } = trusted;
          const at = { host: "localhost", port: mtlsPort, ca: own.cert, cert, key, ...versions };
          const socket = connect({ ...at, ...(session && { session }) });
          let [isResumed, offered] = [false, session];
          socket.on("session", (given) => {
            offered = given;
          });
          socket.once("secureConnect", () => {
            isResumed = socket.isSessionReused();
            socket.write("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
          });
          socket.once("close", () => resolve({ isResumed, session: offered })).once("error", reject);
          socket.resume();
        });
      const { session } = await shake();
      expect(session).toBeDefined();
      expect((await shake(session)).isResumed).toBe(false);
    },
  );

  test("the metadata says where, and that tokens are bound", async () => {
    const metadata = (await send(`${workspace.issuer}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toMatchObject({
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: {
        token_endpoint: `${alias()}/token`,
        introspection_endpoint: `${alias()}/introspect`,
        revocation_endpoint: `${alias()}/revoke`,
      },
      token_endpoint_auth_methods_supported: expect.arrayContaining(["tls_client_auth", "self_signed_tls_client_auth"]),
    });
  });
});

describe("[S9] near misses: each refused alike, each with its own reason", () => {
  const named = "DNS:near.example.com";
  let near: StoryClient;
  beforeAll(async () => {
    near = await workspace.addClient();
    await register(near, { sanDns: "near.example.com" });
    tokenOf(await ask(near, made.make({ names: named, by: authority })));
  });

  const misses: readonly (readonly [what: string, reason: string, pair: () => Pair])[] = [
    ["an authority of the same name", "certificate_untrusted", () => made.make({ names: named, by: otherAuthority })],
    ["a certificate that has ended", "certificate_not_now", () => made.make({ names: named, by: authority, days: -1 })],
    ["another name", "unknown_certificate", () => made.make({ names: "DNS:nearer.example.com", by: authority })],
    ["a wildcard", "unknown_certificate", () => made.make({ names: "DNS:*.example.com", by: authority })],
    [
      "the name as another kind",
      "unknown_certificate",
      () => made.make({ names: "URI:dns:near.example.com", by: authority }),
    ],
    [
      "the name as the subject's CN",
      "unknown_certificate",
      () => made.make({ subject: "/CN=near.example.com", by: authority }),
    ],
    ["two names", "certificate_ambiguous", () => made.make({ names: `${named},DNS:other.example.com`, by: authority })],
    [
      "a server's certificate",
      "certificate_not_for_clients",
      () => made.make({ names: named, by: authority, extended: "serverAuth" }),
    ],
    ["a self-signed one with the name", "unknown_certificate", () => made.make({ names: named })],
    ["one that a client's certificate signed", "certificate_untrusted", () => made.make({ names: named, by: trusted })],
  ];

  test("on the wire one answer, in the log the reason", async () => {
    const unknown = await over(`${alias()}/token`, trusted, { ...form(near), client_id: "nobody" });
    const shape = ({ status, headers, body }: Answer) => {
      const { date: _, "x-correlation-id": __, "content-length": ___, ...kept } = headers;
      const { correlation_id: id, error_uri: uri, ...said } = JSON.parse(body) as Record<string, string>;
      return { status, kept, said, id: typeof id, uri: typeof uri };
    };
    for (const [what, reason, pair] of misses) {
      const answer = await ask(near, pair());
      expect([what, shape(answer)]).toEqual([what, shape(unknown)]);
      expect([what, await reasonOf(answer)]).toEqual([what, reason]);
    }
  });

  test("incident 8: a subject whose value spells out another attribute is not that name (CVE-2021-44533)", async () => {
    for (const subject of [
      "/C=DE/O=Acme, Inc.\nCN=reports/CN=x",
      "/C=DE/CN=reports,O=Acme\\\\, Inc.",
      "/C=DE/O=Acme, Inc./CN=reports + CN=x",
    ]) {
      const answer = await ask(client, made.make({ subject, by: authority }));
      expect([subject, answer.status, await reasonOf(answer)]).toEqual([subject, 401, "unknown_certificate"]);
    }
  });

  test("a client that may come only by certificate → its secret is refused, and the other way round", async () => {
    const pinned = await workspace.addClient();
    await register(pinned, { sanDns: "pinned.example.com" });
    const only = (methods: readonly string[]) =>
      workspace.admin.must(
        "updateClientSettings",
        { clientId: pinned.id, clientAuthenticationMethods: methods },
        "client { id }",
      );
    const pair = made.make({ names: "DNS:pinned.example.com", by: authority });
    await only(["TLS_CLIENT_AUTH"]);
    await eventually(
      () => ask(pinned, pair),
      ({ status }) => status === 200,
    );
    const bySecret = await over(`${alias()}/token`, pair, { grant_type: "client_credentials" }, [basic(pinned)]);
    expect([bySecret.status, await reasonOf(bySecret)]).toEqual([401, "method_not_allowed_for_client"]);
    await only(["CLIENT_SECRET_BASIC"]);
    const byCertificate = await eventually(
      () => ask(pinned, pair),
      ({ status }) => status === 401,
    );
    expect(await reasonOf(byCertificate)).toBe("method_not_allowed_for_client");
  });
});

describe("[S9] certificates in between", () => {
  const named = "DNS:below.example.com";
  let below: StoryClient;
  beforeAll(async () => {
    below = await workspace.addClient();
    await register(below, { sanDns: "below.example.com" });
  });
  /** A certificate that shows those others with it. */
  const showing = (pair: Pair, ...others: readonly Pair[]): Pair => ({
    ...pair,
    cert: [pair, ...others].map(({ cert }) => cert).join(""),
  });
  const between = (by: Pair, wanted: Parameters<typeof made.make>[0] = {}) =>
    made.make({ subject: `/O=Acme/CN=In between ${Math.random()}`, isAuthority: true, by, ...wanted });
  const leaf = (by: Pair) => made.make({ names: named, by });

  test("one or two that lead to the workspace's authority, with it or without → a token, bound to the client's own", async () => {
    const one = between(authority, { extended: "clientAuth" });
    const two = between(one, { pathLength: 0 });
    for (const [pair, others] of [
      [leaf(one), [one]],
      [leaf(two), [two, one]],
      [leaf(two), [one, two]],
      [leaf(two), [two, one, authority]],
      [leaf(one), [one, otherAuthority, own]],
    ] as const)
      expect(cnfOf(await ask(below, showing(pair, ...others)))).toEqual({ "x5t#S256": thumbprint(pair) });
  });

  test("near misses: each refused alike, each with its own reason", async () => {
    const good = between(authority);
    const short = between(authority, { pathLength: 0 });
    const chain = [good];
    while (chain.length < 5) chain.unshift(between(chain[0] ?? good));
    const misses: readonly (readonly [what: string, evidence: object, pair: Pair])[] = [
      ["it is not shown", { between: 0 }, leaf(good)],
      ["another one is shown", { between: 1 }, showing(leaf(good), between(authority))],
      ["it leads to another authority", { between: 1 }, showing(leaf(between(otherAuthority)), otherAuthority)],
      ["a client's certificate signed", { problem: "not_ca" }, showing(leaf(trusted), trusted)],
      [
        "it may sign no certificates by its key usage",
        { between: 1 },
        (() => {
          const usage = between(authority, { extensions: ["keyUsage=critical,digitalSignature"] });
          return showing(leaf(usage), usage);
        })(),
      ],
      [
        "a path length that leaves no room",
        { problem: "path_length" },
        (() => {
          const lower = between(short);
          return showing(leaf(lower), lower, short);
        })(),
      ],
      ["more than four", { between: 4 }, showing(leaf(chain[0] ?? good), ...chain)],
      [
        "it has ended",
        { problem: "not_now" },
        (() => {
          const ended = between(authority, { days: -1 });
          return showing(leaf(ended), ended);
        })(),
      ],
      [
        "it is for servers",
        { problem: "not_for_clients" },
        (() => {
          const servers = between(authority, { extended: "serverAuth" });
          return showing(leaf(servers), servers);
        })(),
      ],
      [
        "it is bound to names",
        { problem: "bound" },
        (() => {
          const bound = between(authority, { extensions: ["nameConstraints=permitted;DNS:example.com"] });
          return showing(leaf(bound), bound);
        })(),
      ],
    ];
    const unknown = await over(`${alias()}/token`, trusted, { ...form(below), client_id: "nobody" });
    for (const [what, evidence, pair] of misses) {
      const answer = await ask(below, pair);
      expect([what, answer.status, answer.json()["error"]]).toEqual([what, unknown.status, unknown.json()["error"]]);
      expect([what, await refusalOf(answer)]).toMatchObject([what, { reason: "certificate_untrusted", evidence }]);
    }
  });

  test("a proxy hands them on in Client-Cert-Chain (RFC 9440 §2.3) → the same judgement; from anywhere else dropped", async () => {
    const one = between(authority);
    const pair = leaf(one);
    const sequence = ({ cert }: Pair) => `:${new X509Certificate(cert).raw.toString("base64")}:`;
    const server = workspace.issuer.replace("localhost", "127.0.0.1");
    const proxy = await startNginx(
      "",
      `location / { proxy_bind 127.0.0.2; proxy_pass ${new URL(server).origin};
      proxy_set_header X-Mintmark-Proxy-Secret "${proxySecret}"; }`,
    );
    try {
      const through = async (origin: string, chain: string | undefined) => {
        const url = `${origin}${new URL(workspace.issuer).pathname}/oauth2/token`;
        const headers: Pairs = [
          ["Client-Cert", sequence(pair)],
          ...(chain === undefined ? [] : [["Client-Cert-Chain", chain] as const]),
        ];
        const answer = await post(url, form(below), headers);
        return [answer.status, answer.json()["error"] ?? cnfOf(answer)];
      };
      const bound = { "x5t#S256": thumbprint(pair) };
      expect(await through(proxy.origin, sequence(one))).toEqual([200, bound]);
      expect(await through(proxy.origin, `${sequence(authority)}, ${sequence(one)}`)).toEqual([200, bound]);
      expect(await through(proxy.origin, undefined)).toEqual([401, "invalid_client"]);
      expect(await through(proxy.origin, sequence(otherAuthority))).toEqual([401, "invalid_client"]);
      for (const broken of [":YQ==:", "nonsense", `${sequence(one)};a=1`, `${sequence(one)},`])
        expect(await through(proxy.origin, broken)).toEqual([400, "invalid_request"]);
      expect(await through(new URL(server).origin, sequence(one))).toEqual([401, "invalid_client"]);
    } finally {
      await proxy.stop();
    }
  });
});

describe("[S9] a bound token", () => {
  let token: string;
  beforeAll(async () => {
    token = tokenOf(await ask(client, trusted));
  });
  const verify = (pair: Pair | undefined) =>
    over(`${alias()}/verify?resource=${encodeURIComponent(orders)}`, pair, undefined, [bearer(token)]);

  test("with its certificate → good; without one, or with another → 401 invalid_token", async () => {
    expect((await verify(trusted)).status).toBe(200);
    for (const pair of [undefined, made.make({ subject, by: authority })]) {
      const answer = await verify(pair);
      expect([answer.status, String(answer.headers["www-authenticate"])]).toEqual([
        401,
        expect.stringContaining("invalid_token"),
      ]);
    }
  });

  test("introspection says what it is bound to", async () => {
    const api = await workspace.addClient({ grants: {} });
    await addResourceServer(workspace, "orders", api.id);
    const answer = await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(api)]);
    expect(answer.json()).toMatchObject({ active: true, cnf: { "x5t#S256": thumbprint(trusted) } });
  });

  test("at the Admin API: only with the certificate", async () => {
    const { admin } = workspace;
    const document = "{ viewer { __typename } }";
    const { clients } = (
      (await admin.run('{ workspace(slug: "admin") { id clients { nodes { id clientId } } } }')) as {
        workspace: { clients: { nodes: { id: string; clientId: string }[] } };
      }
    ).workspace;
    const [automation] = clients.nodes;
    const pair = made.make({ subject: "/CN=automation" });
    const input = { clientId: automation?.id, certificate: pair.cert };
    await admin.must("createClientCertificate", input, "clientCertificate { id }");
    const tenant = new URL(workspace.issuer).pathname.split("/")[1];
    const asked = await over(`${mtlsOrigin}/${tenant}/admin/oauth2/token`, pair, {
      grant_type: "client_credentials",
      client_id: automation?.clientId ?? "",
    });
    const bound = tokenOf(asked);
    const graphql = (with_: Pair | undefined) =>
      new Promise<number>((resolve, reject) => {
        const body = JSON.stringify({ query: document });
        const agent = new Agent({
          keepAlive: false,
          ca: own.cert,
          ...(with_ && { cert: with_.cert, key: with_.key }),
        });
        const headers = ["Host", new URL(mtlsOrigin).host, "Content-Type", "application/json", ...bearer(bound)];
        const outgoing = request(`${mtlsOrigin}/graphql`, { agent, method: "POST", headers }, (incoming) => {
          incoming.resume();
          resolve(incoming.statusCode ?? 0);
        });
        outgoing.on("error", reject);
        outgoing.end(body);
      });
    expect([await graphql(pair), await graphql(undefined), await graphql(trusted)]).toEqual([200, 401, 401]);
  });
});

describe("[S9] behind a proxy", () => {
  const plain = () => workspace.issuer.replace("localhost", "127.0.0.1");
  /** Both proxies connect from the address that is trusted, and know the secret. */
  const startings = {
    async nginx(port: number): Promise<Nginx> {
      const listen = `listen 127.0.0.1:${port} ssl; ssl_certificate ${own.certFile}; ssl_certificate_key ${own.keyFile};`;
      return startNginx(
        "",
        `${listen}
    ssl_verify_client optional_no_ca;
    location / {
      proxy_bind 127.0.0.2;
      proxy_pass ${new URL(plain()).origin};
      proxy_set_header Client-Cert $ssl_client_escaped_cert;
      proxy_set_header X-Mintmark-Proxy-Secret "${proxySecret}";
    }`,
      );
    },
    haproxy: (port: number) => startHaproxy(port, new URL(plain()).host),
  };

  test.each(["nginx", "haproxy"] as const)(
    "%s hands the certificate on → a bound token, and it is good there only",
    async (kind) => {
      const port = await freePort();
      const proxy = await startings[kind](port);
      try {
        const base = `https://localhost:${port}${new URL(workspace.issuer).pathname}/oauth2`;
        const answer = await over(`${base}/token`, trusted, form(client));
        expect(cnfOf(answer)).toEqual({ "x5t#S256": thumbprint(trusted) });
        const token = tokenOf(answer);
        const verify = (pair: Pair | undefined) =>
          over(`${base}/verify?resource=${encodeURIComponent(orders)}`, pair, undefined, [bearer(token)]);
        expect([(await verify(trusted)).status, (await verify(undefined)).status]).toEqual([200, 401]);
        // What a caller puts into the header itself does not pass the proxy.
        const spoofed: Pairs = [
          ["Client-Cert", byteSequence(trusted)],
          ["X-Mintmark-Proxy-Secret", proxySecret],
        ];
        expect((await over(`${base}/token`, undefined, form(client), spoofed)).status).toBe(401);
      } finally {
        await proxy.stop();
      }
    },
  );

  const byteSequence = ({ cert }: Pair) => `:${new X509Certificate(cert).raw.toString("base64")}:`;

  test("the header from anywhere else → dropped and audited: the right secret from a wrong place, no secret, a wrong one", async () => {
    const audited = async () => {
      const document = `query ($id: ID!) { node(id: $id) { ... on Workspace {
        auditEntries(first: 100, type: "certificate-header.refused") { nodes { outcome } } } } }`;
      const { node } = (await workspace.admin.run(document, { id: workspace.id })) as {
        node: { auditEntries: { nodes: { outcome: string }[] } };
      };
      return node.auditEntries.nodes;
    };
    const before = (await audited()).length;
    const from = (...headers: Pairs) => post(`${plain()}/oauth2/token`, form(client), headers);
    const certificate = ["Client-Cert", byteSequence(trusted)] as const;
    const secret = ["X-Mintmark-Proxy-Secret", proxySecret] as const;
    expect((await from(certificate, secret)).status).toBe(401);
    expect((await from(certificate)).status).toBe(401);
    expect((await over(`${alias()}/token`, undefined, form(client), [certificate, secret])).status).toBe(401);
    // Who has shown another one on the connection itself has shown that one.
    const answer = await over(`${alias()}/token`, made.make(), form(client), [certificate, secret]);
    expect([answer.status, await reasonOf(answer)]).toEqual([401, "unknown_certificate"]);
    const entries = await eventually(audited, (all) => all.length >= before + 4);
    expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(["REFUSED"]));
    // A flood is counted.
    for (let sent = 0; sent < 30; sent++) await from(certificate);
    expect((await audited()).length).toBeLessThanOrEqual(before + 10 + 10);
  });

  test("from the proxy's address without its secret, or with another → dropped; with it, something unreadable → 400", async () => {
    const proxy = await startNginx(
      "",
      `location /good { rewrite ^/good(.*)$ $1 break; proxy_bind 127.0.0.2; proxy_pass ${new URL(plain()).origin};
      proxy_set_header X-Mintmark-Proxy-Secret "${proxySecret}"; }
    location /wrong { rewrite ^/wrong(.*)$ $1 break; proxy_bind 127.0.0.2; proxy_pass ${new URL(plain()).origin};
      proxy_set_header X-Mintmark-Proxy-Secret "${proxySecret.slice(0, -1)}"; }
    location /bad { rewrite ^/bad(.*)$ $1 break; proxy_bind 127.0.0.2; proxy_pass ${new URL(plain()).origin}; }`,
    );
    try {
      const path = `${new URL(workspace.issuer).pathname}/oauth2/token`;
      const through = async (which: string, value: string) => {
        const answer = await post(`${proxy.origin}/${which}${path}`, form(client), [["Client-Cert", value]]);
        return [answer.status, answer.json()["error"] ?? "token"];
      };
      expect(await through("good", byteSequence(trusted))).toEqual([200, "token"]);
      for (const which of ["bad", "wrong"])
        expect(await through(which, byteSequence(trusted))).toEqual([401, "invalid_client"]);
      expect(await through("good", ":YQ==:")).toEqual([400, "invalid_request"]);
      expect(await through("good", `${byteSequence(trusted)}, ${byteSequence(trusted)}`)).toEqual([
        400,
        "invalid_request",
      ]);
    } finally {
      await proxy.stop();
    }
  });
});

/** Debian's haproxy, which hands on a caller's certificate as RFC 9440 says. */
async function startHaproxy(port: number, server: string): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-haproxy-"));
  chmodSync(folder, 0o755);
  const [pem, file] = [join(folder, "own.pem"), join(folder, "haproxy.cfg")];
  writeFileSync(pem, own.cert + own.key);
  writeFileSync(
    file,
    `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend mtls
  bind 127.0.0.1:${port} ssl crt ${pem} ca-file ${authority.certFile} verify optional crt-ignore-err all ca-ignore-err all
  http-request del-header Client-Cert
  http-request set-header Client-Cert :%[ssl_c_der,base64]: if { ssl_c_used }
  http-request set-header X-Mintmark-Proxy-Secret "${proxySecret}"
  default_backend mintmark
backend mintmark
  server one ${server} source 127.0.0.2
`,
  );
  const child: ChildProcess = spawn("/usr/sbin/haproxy", ["-f", file, "-db"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (said += text.toString()));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`haproxy ended with ${child.exitCode}: ${said}`);
      return over(`https://localhost:${port}/livez`, undefined).then(
        ({ status }) => status,
        () => 0,
      );
    },
    (status) => status > 0,
  );
  return {
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
