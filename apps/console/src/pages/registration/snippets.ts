import type { CodeTab } from "../../ui/code-block.tsx";

/** The first line begins with a space: most shells keep it out of their history. The token is in no argument list either. */
export const snippetsOf = (token: string, endpoint: string): readonly CodeTab[] => [
  {
    id: "curl",
    label: "curl",
    language: "shell",
    code: [
      ` INITIAL_ACCESS_TOKEN='${token}'`,
      `printf 'header = "Authorization: Bearer %s"' "$INITIAL_ACCESS_TOKEN" | curl -sS --config - \\`,
      `  '${endpoint}' \\`,
      "  -H 'Content-Type: application/json' \\",
      `  -d '{"client_name": "my-service"}'`,
      "",
    ].join("\n"),
  },
];
