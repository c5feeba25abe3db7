import type { CodeTab } from "../ui/code-block.tsx";
import type { Revealed, Target } from "./revealed.ts";

/** Between single quotes nothing is special to a shell but the quote itself. */
const shell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
/** A JSON string is a string of JavaScript, Python and Go too, for the characters that stand in addresses and ids. */
const quoted = (value: string): string => JSON.stringify(value);
/** How a client id stands in a Basic credential (RFC 6749 §2.3.1); the secret has letters and digits only. */
const inBasic = (clientId: string): string => encodeURIComponent(clientId);

interface Asked {
  readonly revealed: Revealed;
  readonly target: Target | undefined;
}

/** What stands in the form besides the credential. */
function fields({ revealed, target }: Asked): readonly (readonly [string, string])[] {
  return [
    ["grant_type", "client_credentials"],
    ...(revealed.method === "post" ? [["client_id", revealed.clientId] as const] : []),
    ...(target ? [["resource", target.resource] as const] : []),
    ...(target && target.scopes.length > 0 ? [["scope", target.scopes.join(" ")] as const] : []),
  ];
}

/** The first line begins with a space: most shells keep it out of their history. The secret is in no argument list either. */
function curl(asked: Asked): string {
  const { clientId, secret, issuer, method } = asked.revealed;
  const data = fields(asked).map(([name, value]) => `  --data-urlencode ${shell(`${name}=${value}`)}`);
  const asPost = `printf 'client_secret=%s' "$CLIENT_SECRET" | curl -sS --data @- \\\n  ${shell(issuer.tokenEndpoint)}`;
  const asBasic = `printf 'user = "%s:%s"' ${shell(inBasic(clientId))} "$CLIENT_SECRET" | curl -sS --config - \\\n  ${shell(issuer.tokenEndpoint)}`;
  return [` CLIENT_SECRET=${shell(secret)}`, [method === "post" ? asPost : asBasic, ...data].join(" \\\n"), ""].join(
    "\n",
  );
}

const KEEP = "keep the secret in the environment, not in the code";

function node(asked: Asked): string {
  const { clientId, secret, issuer, method } = asked.revealed;
  const all = fields(asked).map(([name, value]) => `  ${name}: ${quoted(value)},`);
  const basic = `Buffer.from(\`${inBasic(clientId)}:\${clientSecret}\`).toString("base64")`;
  return [
    `// ${KEEP}`,
    `const clientSecret = process.env.CLIENT_SECRET ?? ${quoted(secret)};`,
    "",
    "const form = new URLSearchParams({",
    ...all,
    ...(method === "post" ? ["  client_secret: clientSecret,"] : []),
    "});",
    `const response = await fetch(${quoted(issuer.tokenEndpoint)}, {`,
    '  method: "POST",',
    ...(method === "basic" ? [`  headers: { Authorization: \`Basic \${${basic}}\` },`] : []),
    "  body: form,",
    "});",
    "const token = await response.json();",
    'if (!response.ok) throw new Error([token.error, token.error_description].join(": "));',
    "console.log(token.access_token);",
    "",
  ].join("\n");
}

/** With a proof (RFC 9449), by what Node brings along. */
function nodeWithProof(asked: Asked): string {
  const { clientId, secret, issuer, method } = asked.revealed;
  const all = fields(asked).map(([name, value]) => `  ${name}: ${quoted(value)},`);
  const basic = `Buffer.from(\`${inBasic(clientId)}:\${clientSecret}\`).toString("base64")`;
  return [
    'import { generateKeyPairSync, randomUUID, sign } from "node:crypto";',
    "",
    `// ${KEEP}`,
    `const clientSecret = process.env.CLIENT_SECRET ?? ${quoted(secret)};`,
    "// The token is bound to this key: keep it as long as the token, and sign a proof for each call of the API as well.",
    'const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });',
    "",
    'const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");',
    "function proof(htm, htu, more) {",
    '  const header = part({ alg: "ES256", typ: "dpop+jwt", jwk: publicKey.export({ format: "jwk" }) });',
    "  const iat = Math.floor(Date.now() / 1000);",
    '  const signed = [header, part({ jti: randomUUID(), htm, htu, iat, ...more })].join(".");',
    '  const key = { key: privateKey, dsaEncoding: "ieee-p1363" };',
    '  return [signed, sign("sha256", Buffer.from(signed), key).toString("base64url")].join(".");',
    "}",
    "",
    `const url = ${quoted(issuer.tokenEndpoint)};`,
    "const form = new URLSearchParams({",
    ...all,
    ...(method === "post" ? ["  client_secret: clientSecret,"] : []),
    "});",
    "const ask = (more) =>",
    "  fetch(url, {",
    '    method: "POST",',
    method === "basic"
      ? `    headers: { DPoP: proof("POST", url, more), Authorization: \`Basic \${${basic}}\` },`
      : '    headers: { DPoP: proof("POST", url, more) },',
    "    body: form,",
    "  });",
    "let response = await ask({});",
    "// The first answer gives the nonce of the next proof.",
    'const nonce = response.headers.get("DPoP-Nonce");',
    "if (response.status === 400 && nonce) response = await ask({ nonce });",
    "const token = await response.json();",
    'if (!response.ok) throw new Error([token.error, token.error_description].join(": "));',
    "console.log(token.access_token);",
    "",
  ].join("\n");
}

function python(asked: Asked): string {
  const { clientId, secret, issuer, method } = asked.revealed;
  const all = fields(asked).map(([name, value]) => `    ${quoted(name)}: ${quoted(value)},`);
  const basic = [
    `credential = base64.b64encode(f"${inBasic(clientId)}:{client_secret}".encode()).decode()`,
    'request.add_header("Authorization", f"Basic {credential}")',
  ];
  return [
    `import ${method === "basic" ? "base64, " : ""}json, os, urllib.error, urllib.parse, urllib.request`,
    "",
    `# ${KEEP}`,
    `client_secret = os.environ.get("CLIENT_SECRET", ${quoted(secret)})`,
    "",
    "form = {",
    ...all,
    ...(method === "post" ? ['    "client_secret": client_secret,'] : []),
    "}",
    "data = urllib.parse.urlencode(form).encode()",
    `request = urllib.request.Request(${quoted(issuer.tokenEndpoint)}, data)`,
    ...(method === "basic" ? basic : []),
    "try:",
    "    with urllib.request.urlopen(request) as response:",
    '        print(json.load(response)["access_token"])',
    "except urllib.error.HTTPError as refused:",
    "    raise SystemExit(refused.read().decode())",
    "",
  ].join("\n");
}

function go(asked: Asked): string {
  const { clientId, secret, issuer, method } = asked.revealed;
  const all = fields(asked).map(([name, value]) => `\t\t${quoted(name)}: {${quoted(value)}},`);
  return [
    "package main",
    "",
    "import (",
    ...['"fmt"', '"io"', '"log"', '"net/http"', '"net/url"', '"os"', '"strings"'].map((name) => `\t${name}`),
    ")",
    "",
    "func main() {",
    `\t// ${KEEP}`,
    '\tsecret := os.Getenv("CLIENT_SECRET")',
    '\tif secret == "" {',
    `\t\tsecret = ${quoted(secret)}`,
    "\t}",
    "\tform := url.Values{",
    ...all,
    ...(method === "post" ? ['\t\t"client_secret": {secret},'] : []),
    "\t}",
    `\trequest, err := http.NewRequest("POST", ${quoted(issuer.tokenEndpoint)}, strings.NewReader(form.Encode()))`,
    "\tif err != nil {",
    "\t\tlog.Fatal(err)",
    "\t}",
    '\trequest.Header.Set("Content-Type", "application/x-www-form-urlencoded")',
    ...(method === "basic" ? [`\trequest.SetBasicAuth(${quoted(inBasic(clientId))}, secret)`] : []),
    "\tresponse, err := http.DefaultClient.Do(request)",
    "\tif err != nil {",
    "\t\tlog.Fatal(err)",
    "\t}",
    "\tdefer response.Body.Close()",
    "\tbody, err := io.ReadAll(response.Body)",
    "\tif err != nil || response.StatusCode != 200 {",
    "\t\tlog.Fatal(response.Status, err, string(body))",
    "\t}",
    "\tfmt.Println(string(body))",
    "}",
    "",
  ].join("\n");
}

const plain = /^[\w./:@-]*$/;

/** For a shell that sources the file, and for readers of such files, which do not join strings as `shell()` does. */
function envValue(value: string): string {
  if (plain.test(value)) return value;
  return value.includes("'") ? `"${value.replaceAll(/[\\"$`]/g, "\\$&")}"` : `'${value}'`;
}
const setting = (name: string, value: string): string => `${name}=${envValue(value)}`;

/** The lines of a `.env` file, as the download has them. */
export function envFile({ revealed, target }: Asked): string {
  const { clientId, secret, issuer } = revealed;
  const lines = [
    setting("CLIENT_ID", clientId),
    setting("CLIENT_SECRET", secret),
    setting("TOKEN_URL", issuer.tokenEndpoint),
    ...(target ? [setting("RESOURCE", target.resource)] : []),
    ...(target && target.scopes.length > 0 ? [setting("SCOPE", target.scopes.join(" "))] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** How to ask for a token, with the real values: each runs as pasted. */
export function snippets(revealed: Revealed, target: Target | undefined): readonly CodeTab[] {
  const asked = { revealed, target };
  const env: CodeTab = { id: "env", label: ".env", language: "env", code: envFile(asked) };
  if (revealed.dpop) return [{ id: "node", label: "Node.js", language: "node", code: nodeWithProof(asked) }, env];
  return [
    { id: "curl", label: "curl", language: "shell", code: curl(asked) },
    { id: "node", label: "Node.js", language: "node", code: node(asked) },
    { id: "python", label: "Python", language: "python", code: python(asked) },
    { id: "go", label: "Go", language: "go", code: go(asked) },
    env,
  ];
}
