import type { CodeTab } from "../../ui/code-block.tsx";

/** What a snippet calls. */
export interface Called {
  /** The API's identifier; undefined where the token may call none yet. */
  readonly api: string | undefined;
  /** It is one of Mintmark's own, which speak GraphQL. */
  readonly isOwnApi: boolean;
}

const PLACEHOLDER = "https://api.example.com/";
const QUERY = `'{"query": "{ viewer { permissions } }"}'`;

/** Between single quotes nothing is special to a shell but the quote itself. */
const shell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** The first line begins with a space: most shells keep it out of their history. The token is in no argument list either. */
const curl = (token: string, header: string, { api = PLACEHOLDER, isOwnApi }: Called): string =>
  [
    ` API_TOKEN=${shell(token)}`,
    `printf 'header = "${header}%s"' "$API_TOKEN" | curl -sS --config - \\`,
    ...(isOwnApi ? [`  -H 'Content-Type: application/json' -d ${QUERY} \\`] : []),
    `  ${shell(api)}`,
    "",
  ].join("\n");

const node = (token: string, { api = PLACEHOLDER, isOwnApi }: Called): string =>
  [
    "// keep the token in the environment, not in the code",
    `const token = process.env.API_TOKEN ?? ${JSON.stringify(token)};`,
    "",
    `const response = await fetch(${JSON.stringify(api)}, {`,
    ...(isOwnApi
      ? [
          '  method: "POST",',
          `  headers: { Authorization: \`Token \${token}\`, "Content-Type": "application/json" },`,
          '  body: JSON.stringify({ query: "{ viewer { permissions } }" }),',
        ]
      : [`  headers: { Authorization: \`Token \${token}\` },`]),
    "});",
    "console.log(response.status, await response.text());",
    "",
  ].join("\n");

/** How a caller sends a static token, with the real value. */
export const snippetsOf = (token: string, called: Called): readonly CodeTab[] => [
  { id: "token", label: "Authorization", language: "shell", code: curl(token, "Authorization: Token ", called) },
  { id: "key", label: "X-API-KEY", language: "shell", code: curl(token, "X-API-KEY: ", called) },
  { id: "node", label: "Node.js", language: "node", code: node(token, called) },
  { id: "env", label: ".env", language: "env", code: `API_TOKEN=${token}\n` },
];
