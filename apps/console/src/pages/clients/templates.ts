/** A use of a client: it only fills in what a person may change. */
export interface Template {
  readonly id: string;
  readonly label: string;
  /** One honest line: what it stands for, and how it should be run. */
  readonly hint: string;
  readonly description: string;
  /** Days until the secret ends; the workspace's ceiling is kept. */
  readonly secretDays: number;
  /** Seconds; null leaves it to the workspace. */
  readonly tokenLife: number | null;
  /** What is proposed where the workspace has one API. */
  readonly proposes: "all" | "read" | "write";
}

/** The uses that a client is made for most often. */
export const templates: readonly [Template, ...Template[]] = [
  {
    id: "backend",
    label: "Application backend",
    hint: "One client for each application and stage. Keep the token until it ends, then ask again.",
    description: "Application backend",
    secretDays: 90,
    tokenLife: null,
    proposes: "all",
  },
  {
    id: "microservice",
    label: "Microservice",
    hint: "One client for each service, so that revoking one does not stop the others.",
    description: "Microservice that calls other services",
    secretDays: 90,
    tokenLife: 300,
    proposes: "all",
  },
  {
    id: "job",
    label: "Scheduled job or daemon",
    hint: "Ask for a token when a run starts. A missed run shows as a late last use.",
    description: "Scheduled job",
    secretDays: 90,
    tokenLife: null,
    proposes: "all",
  },
  {
    id: "cli",
    label: "CLI tool",
    hint: "For a tool on a machine of yours. A shared secret on many laptops is no secret: one client for each machine.",
    description: "Command-line tool",
    secretDays: 30,
    tokenLife: null,
    proposes: "read",
  },
  {
    id: "device",
    label: "IoT device",
    hint: "One client for each device: a lost device is then disabled alone.",
    description: "Device",
    secretDays: 365,
    tokenLife: 300,
    proposes: "write",
  },
  {
    id: "report",
    label: "Reporting pull",
    hint: "Reads only. Nothing that it holds can change data.",
    description: "Pulls data for reports",
    secretDays: 90,
    tokenLife: null,
    proposes: "read",
  },
  {
    id: "webhook",
    label: "Webhook processor",
    hint: "Asks for a token when an event arrives. Short tokens: an event is handled in seconds.",
    description: "Handles webhooks",
    secretDays: 90,
    tokenLife: 300,
    proposes: "all",
  },
];

const reads = /(?:^|[:._/-])(?:read|list|get|view)$/i;

/** The scopes that a template proposes of these; all of them where none is of its kind. */
export function proposed<Scope extends { readonly name: string }>(
  scopes: readonly Scope[],
  proposes: Template["proposes"],
): readonly Scope[] {
  const some = scopes.filter(({ name }) => proposes === "all" || reads.test(name) === (proposes === "read"));
  return some.length > 0 ? some : scopes;
}
