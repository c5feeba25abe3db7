import type { Status } from "../../ui/badge.tsx";
import type { ScopeGroup } from "../../ui/scope-grid.tsx";

/** A client as the page of parts shows it; the instants are milliseconds. */
export interface SampleClient {
  id: string;
  name: string;
  methods: readonly string[];
  access: string;
  lastUsedAt: number | null;
  createdAt: number;
  expiresAt: number | null;
  status: Status;
  words: string;
}

const DAY = 86_400_000;
const now = Date.now();

type Line = readonly [string, string, string, string, number | null, number, number | null, Status, string];

const LINES: readonly Line[] = [
  ["fraud-scorer", "c0VtE8rd", "mTLS", "3 APIs · 9 scopes", 1, 52, 38, "active", "Active"],
  ["payout-api", "1nRk7dVv", "private_key_jwt", "3 APIs · 7 scopes", 2, 84, 281, "active", "Active"],
  ["ledger-sync", "9fTe2LwQ", "client_secret", "1 API · 3 scopes", 4, 84, 6, "attention", "Expiring"],
  ["invoice-renderer", "Wb41nZpa", "client_secret", "2 APIs · 6 scopes", 9, 0, 90, "transition", "Rotating, 62%"],
  ["settlement-worker", "7Hq2mKx9", "private_key_jwt", "2 APIs · 5 scopes", 12, 153, 212, "active", "Active"],
  ["kyc-gateway", "Xd2gR7mc", "private_key_jwt", "2 APIs · 8 scopes", 31, 44, 321, "active", "Active"],
  ["partner-northwind", "f3HjB9us", "client_secret", "1 API · 2 scopes", 120, 77, 13, "attention", "Expiring"],
  ["deploy-bot", "Gq5sYh3J", "federated", "1 API · 2 scopes", 1080, 90, null, "active", "Active"],
  ["reconciliation-job", "Ty0oN4iM", "mTLS", "2 APIs · 4 scopes", 18_000, 69, 21, "active", "Active"],
  ["legacy-batch-01", "u2XaP6Ko", "client_secret", "4 APIs · 17 scopes", 259_200, 365, -3, "broken", "Secret expired"],
  ["webhook-relay", "a8LsV5Fq", "client_secret", "2 APIs · 3 scopes", 1_641_600, 98, 52, "off", "Disabled"],
  ["tax-calc-canary", "Kp6wD1xe", "client_secret", "1 API · 1 scope", null, 1, 90, "never", "Never used"],
];

/** `count` clients, the first twelve as in the visual reference, the others made from them. */
export function sampleClients(count: number): readonly SampleClient[] {
  return Array.from({ length: count }, (_, at) => {
    const line = LINES[at % LINES.length] as Line;
    const [name, id, method, access, seconds, age, left, status, words] = line;
    const round = Math.floor(at / LINES.length);
    return {
      id: `cli_${id}${round === 0 ? "" : round}`,
      name: round === 0 ? name : `${name}-${round}`,
      methods: [method],
      access,
      lastUsedAt: seconds === null ? null : now - seconds * 1000,
      createdAt: now - age * DAY,
      expiresAt: left === null ? null : now + left * DAY + 3_600_000 * Math.sign(left),
      status,
      words,
    };
  });
}

export const SECRET = "mms_p0Xq7RzL2vYk9TtBf4NhWc8JdEu1sGmAkQ3xZ5bVnM7cHd7c2R4tYp1";
const TOKEN_URL = "https://auth.acme.example/acme/payments-prod/oauth2/token";

export const SNIPPETS = [
  {
    id: "curl",
    label: "curl",
    language: "shell",
    code: ` CLIENT_SECRET='${SECRET}'\ncurl -sS ${TOKEN_URL} \\\n  -u "cli_Wb41nZpa6QvT:$CLIENT_SECRET" \\\n  -d grant_type=client_credentials \\\n  -d scope="invoices:read invoices:render"`,
  },
  {
    id: "node",
    label: "Node",
    language: "node",
    code: `const answer = await fetch("${TOKEN_URL}", {\n  method: "POST",\n  headers: { authorization: "Basic " + btoa("cli_Wb41nZpa6QvT:${SECRET}") },\n  body: new URLSearchParams({ grant_type: "client_credentials" }), // scope is optional\n});\nconst { access_token } = await answer.json();`,
  },
  {
    id: "python",
    label: "Python",
    language: "python",
    code: `import requests\n\nanswer = requests.post(\n    "${TOKEN_URL}",\n    auth=("cli_Wb41nZpa6QvT", "${SECRET}"),\n    data={"grant_type": "client_credentials"},\n    timeout=10,  # seconds\n)`,
  },
  {
    id: "go",
    label: "Go",
    language: "go",
    code: `package main\n\nconst secret = "${SECRET}"\n\nfunc main() {\n\t// ask for a token\n}`,
  },
  {
    id: "env",
    label: ".env",
    language: "env",
    code: `# invoice-renderer\nCLIENT_ID=cli_Wb41nZpa6QvT\nCLIENT_SECRET=${SECRET}\nTOKEN_URL=${TOKEN_URL}`,
  },
] as const;

export const CLAIMS = {
  id: "claims",
  label: "Token",
  language: "json",
  code: `{\n  "iss": "https://auth.acme.example/acme/payments-prod",\n  "exp": 1795362059,\n  "scope": "invoices:read",\n  "active": true\n}`,
} as const;

const scope = (id: string, description: string, state: Partial<ScopeGroup["scopes"][number]> = {}) => ({
  id,
  name: id,
  description,
  granted: false,
  ...state,
});

export const SCOPES: readonly ScopeGroup[] = [
  {
    id: "res_invoices",
    name: "Invoices API",
    identifier: "https://invoices.acme.example",
    scopes: [
      scope("invoices:read", "Read invoices and their lines", { granted: true, used: true, aside: "used 9 s ago" }),
      scope("invoices:render", "Make a PDF of an invoice", { granted: true, used: false, aside: "never used" }),
      scope("invoices:delete", "Remove an invoice for good"),
    ],
  },
  {
    id: "res_ledger",
    name: "Ledger API",
    identifier: "https://ledger.acme.example",
    scopes: [
      scope("ledger:read", "Read balances", { granted: true, blocked: true, aside: "blocked by deny-outside-vpc" }),
      scope("ledger:write", "Post entries", { lockedReason: "Only an owner may grant this scope" }),
    ],
  },
];
