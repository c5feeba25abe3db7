import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

/** What a program says: the answer as its library understood it, or the error that its library raised. */
interface Said {
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

const world = useWorld();
const programs = join(import.meta.dirname, "programs");
const folder = mkdtempSync(join(tmpdir(), "mintmark-clients-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Debian's Python, whatever else is installed: the libraries are Debian's. */
const python = (file: string) => ["/usr/bin/python3", join(programs, file)];
const goProgram = join(folder, "with_x_oauth2");
const libraries = {
  Authlib: {
    command: python("with_authlib.py"),
    methods: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
  },
  "requests-oauthlib": {
    command: python("with_requests_oauthlib.py"),
    methods: ["client_secret_basic", "client_secret_post"],
  },
  "Go's x/oauth2": { command: [goProgram], methods: ["client_secret_basic", "client_secret_post", "auto-detected"] },
} as const;
type Library = keyof typeof libraries;
const all = Object.keys(libraries) as Library[];

let client: StoryClient;
/** Its id was imported, and is full of characters that a form must encode. */
let odd: StoryClient;
let privateKey: string;
beforeAll(async () => {
  // As Debian builds: from its own sources, without modules and without the network.
  execFileSync("/usr/bin/go", ["build", "-o", goProgram, join(programs, "with_x_oauth2.go")], {
    env: { GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOCACHE: join(folder, "cache") },
  });
  const workspace = await world.tenant().workspace().resource("orders", ["read", "write"]).ready();
  await workspace.addResource("stock", ["read"]);
  client = await workspace.addClient();
  odd = await workspace.addClient({ clientId: "odd id:100%+&=/?" });
  const pair = await generateKeyPair("ES256", { extractable: true });
  privateKey = await exportPKCS8(pair.privateKey);
  const publicKey = JSON.stringify(await exportJWK(pair.publicKey));
  await workspace.admin.must("createClientKey", { clientId: client.id, publicKey }, "clientKey { id }");
});

function ask(library: Library, method: string, more: object = {}): Promise<Said> {
  const { issuer } = client.workspace;
  const order = {
    method,
    issuer,
    ...client,
    workspace: undefined,
    privateKey,
    scope: "read write",
    resource: client.workspace.resource("orders").identifier,
    introspectionEndpoint: `${issuer}/oauth2/introspect`,
    revocationEndpoint: `${issuer}/oauth2/revoke`,
    ...more,
  };
  const [program, ...args] = libraries[library].command;
  const child = spawn(program, args, {
    // Both libraries refuse http, also to this machine, unless told.
    env: { OAUTHLIB_INSECURE_TRANSPORT: "1", AUTHLIB_INSECURE_TRANSPORT: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [out, problems] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (problems += chunk));
  child.stdin.end(JSON.stringify(order));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(JSON.parse(out) as Said) : reject(new Error(`${library} ended with ${code}: ${problems}`)),
    );
  });
}

const cases = all.flatMap((library) => libraries[library].methods.map((method) => [library, method] as const));

describe("[A12] OAuth clients of other authors, in Python and Go", () => {
  test.each(cases)("%s by %s → a token that jose accepts", async (library, method) => {
    const { issuer } = client.workspace;
    const audience = client.workspace.resource("orders").identifier;
    const { answer = {}, ...asked } = await ask(library, method);
    expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 900 });
    expect([answer["scope"]].flat().join(" ")).toBe("read write");
    const token = remember(String(answer["access_token"]));
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt" });
    expect(payload).toMatchObject({ sub: client.clientId, client_id: client.clientId, scope: "read write" });
    // Authlib also introspects and revokes.
    if (library === "Authlib")
      expect(asked).toMatchObject({ before: { active: true, client_id: client.clientId }, after: { active: false } });
  });

  // Both Python libraries send Basic unencoded, against RFC 6749 §2.3.1: only a form brings such an id over.
  test.each([
    ["Authlib", "client_secret_post"],
    ["requests-oauthlib", "client_secret_post"],
    ["Go's x/oauth2", "client_secret_post"],
    ["Go's x/oauth2", "client_secret_basic"],
  ] as const)("%s by %s, an id full of reserved characters → a token", async (library, method) => {
    const { clientId, clientSecret } = odd;
    expect((await ask(library, method, { clientId, clientSecret })).answer).toMatchObject({ token_type: "Bearer" });
  });

  test.each(all)("%s, a wrong secret → it reports invalid_client", async (library) => {
    for (const method of ["client_secret_basic", "client_secret_post"])
      expect(await ask(library, method, { clientSecret: "wrong" })).toEqual({ error: "invalid_client" });
  });

  test.each(all)("%s, a scope or a resource that was not granted → it reports which", async (library) => {
    const by = (more: object) => ask(library, "client_secret_basic", more);
    expect(await by({ scope: "read admin" })).toEqual({ error: "invalid_scope" });
    expect(await by({ resource: "https://other.example.com/" })).toEqual({ error: "invalid_target" });
  });
});
