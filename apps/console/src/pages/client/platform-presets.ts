/** A field of a platform's form. */
export interface PresetField {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly help?: string;
  readonly optional?: true;
}

/** What a token must say, as the server compares it. */
export interface Rules {
  readonly issuer: string;
  readonly claims: readonly { readonly name: string; readonly value: string }[];
}

export type PlatformId = "github" | "gitlab" | "kubernetes" | "google" | "spiffe" | "other";

/** A platform whose tokens a client may be known by. */
export interface Platform {
  readonly id: PlatformId;
  readonly label: string;
  readonly fields: readonly PresetField[];
  /** Whether its keys may have to be pasted, or always must. */
  readonly keys: "published" | "maybe" | "pasted";
  /** Pure: what the fields mean. An empty field is an empty text. */
  readonly rules: (values: Readonly<Record<string, string>>) => Rules;
}

const field = (id: string, label: string, placeholder: string, more: Partial<PresetField> = {}): PresetField => ({
  id,
  label,
  placeholder,
  ...more,
});
const named = (name: string, value: string | undefined) => (value ? [{ name, value }] : []);

export const platforms: readonly Platform[] = [
  {
    id: "github",
    label: "GitHub Actions",
    keys: "published",
    fields: [
      field("repository", "Repository", "acme/shop"),
      field("context", "Runs for", "ref:refs/heads/main", {
        help: "A branch (ref:refs/heads/main), a tag (ref:refs/tags/v1) or an environment (environment:production).",
      }),
      field("ownerId", "Owner ID", "123456", { optional: true }),
      field("repositoryId", "Repository ID", "456789", {
        optional: true,
        help:
          "Repositories made, renamed or transferred after 15 July 2026 send both IDs inside sub. " +
          "gh api repos/acme/shop --jq '.owner.id, .id' prints them.",
      }),
    ],
    rules: ({ repository = "", context = "", ownerId = "", repositoryId = "" }) => {
      const [owner = "", name = ""] = repository.split("/");
      const isImmutable = ownerId !== "" && repositoryId !== "";
      const subject = isImmutable ? `${owner}@${ownerId}/${name}@${repositoryId}` : repository;
      return {
        issuer: "https://token.actions.githubusercontent.com",
        claims: [
          ...named("sub", `repo:${subject}:${context}`),
          ...named("repository_id", isImmutable ? undefined : repositoryId),
          ...named("repository_owner_id", isImmutable ? undefined : ownerId),
        ],
      };
    },
  },
  {
    id: "gitlab",
    label: "GitLab",
    keys: "maybe",
    fields: [
      field("host", "Address", "https://gitlab.com"),
      field("project", "Project", "acme/shop"),
      field("branch", "Branch", "main"),
      field("projectId", "Project ID", "4711", { optional: true, help: "It survives a rename, and is nobody else's." }),
    ],
    rules: ({ host = "", project = "", branch = "", projectId }) => ({
      issuer: host || "https://gitlab.com",
      claims: [
        ...named("sub", `project_path:${project}:ref_type:branch:ref:${branch}`),
        ...named("project_id", projectId),
      ],
    }),
  },
  {
    id: "kubernetes",
    label: "Kubernetes",
    keys: "maybe",
    fields: [
      field("issuer", "Issuer", "https://kubernetes.default.svc.cluster.local", {
        help: "kubectl get --raw /.well-known/openid-configuration prints it.",
      }),
      field("namespace", "Namespace", "shop"),
      field("account", "Service account", "billing"),
      field("uid", "UID", "8f1d4c2e-…", { optional: true, help: "Of the service account: one made anew has another." }),
    ],
    rules: ({ issuer = "", namespace = "", account = "", uid }) => ({
      issuer,
      claims: [
        ...named("sub", `system:serviceaccount:${namespace}:${account}`),
        ...named("/kubernetes.io/serviceaccount/uid", uid),
      ],
    }),
  },
  {
    id: "google",
    label: "Google Cloud",
    keys: "published",
    fields: [
      field("uniqueId", "Unique ID of the service account", "104012345678901234567", {
        help: "gcloud iam service-accounts describe … --format='value(uniqueId)' prints it. It is never given again.",
      }),
    ],
    rules: ({ uniqueId }) => ({ issuer: "https://accounts.google.com", claims: named("sub", uniqueId) }),
  },
  {
    id: "spiffe",
    label: "SPIFFE",
    keys: "pasted",
    fields: [
      field("domain", "Trust domain", "acme.example"),
      field("path", "Workload", "/ns/shop/sa/billing", { help: "What follows the trust domain in its SPIFFE ID." }),
    ],
    rules: ({ domain = "", path = "" }) => ({
      issuer: `spiffe://${domain}`,
      claims: named("sub", `spiffe://${domain}${path}`),
    }),
  },
  {
    id: "other",
    label: "Other",
    keys: "maybe",
    fields: [
      field("issuer", "Issuer", "https://id.example.com", { help: "The token's iss, byte for byte." }),
      field("subject", "Subject", "workload-1", { help: "The token's sub, byte for byte." }),
      field("claim", "One more claim", "environment=production", {
        optional: true,
        help: "Its name, = and its value.",
      }),
    ],
    rules: ({ issuer = "", subject, claim = "" }) => {
      const [, name = "", value] = /^([^=]+)=(.*)$/s.exec(claim) ?? [];
      return { issuer, claims: [...named("sub", subject), ...named(name, value)] };
    },
  },
];
