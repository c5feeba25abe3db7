import type { CodeTab } from "../ui/code-block.tsx";
import { type Issuer, type Target, verifyAddress } from "./revealed.ts";

const quoted = (value: string): string => JSON.stringify(value);

/** For a reverse proxy or any code that can make a request: the issuer's yes or no. */
const ask = (issuer: Issuer, target: Target): string =>
  [
    "# 200: let the call in. 401 or 403: hand the answer on.",
    `curl -sS -i -H "Authorization: Bearer $TOKEN" \\`,
    `  '${verifyAddress(issuer, target).replaceAll("'", "%27")}'`,
    "",
  ].join("\n");

const jose = (issuer: Issuer, target: Target): string =>
  [
    'import { createRemoteJWKSet, jwtVerify } from "jose";',
    "",
    `const keys = createRemoteJWKSet(new URL(${quoted(issuer.jwksUri)}));`,
    "",
    "/** The claims of a token for this API; throws for every other token. */",
    "export async function claimsOf(token) {",
    "  const { payload } = await jwtVerify(token, keys, {",
    `    issuer: ${quoted(issuer.issuer)},`,
    `    audience: ${quoted(target.resource)},`,
    '    typ: "at+jwt",',
    "  });",
    ...(target.scopes[0] === undefined
      ? []
      : [
          '  const scopes = String(payload.scope ?? "").split(" ");',
          `  if (!scopes.includes(${quoted(target.scopes[0])})) throw new Error("insufficient_scope");`,
        ]),
    "  return payload;",
    "}",
    "",
  ].join("\n");

/** How an API lets only callers in who hold a token for it. */
export const protectSnippets = (issuer: Issuer, target: Target): readonly CodeTab[] => [
  { id: "verify", label: "Ask the issuer", language: "shell", code: ask(issuer, target) },
  { id: "jose", label: "Node.js (jose)", language: "node", code: jose(issuer, target) },
];
