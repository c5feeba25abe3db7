/** A field of a platform's form. */
export interface PresetField {
  /** `issuer` for the one that a refused issuer is about. */
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly help?: string;
  /** What a person types to get its value. */
  readonly command?: string;
  readonly optional?: true;
}

/** What a token must say, as the server compares it. */
export interface Rules {
  readonly issuer: string;
  readonly claims: readonly { readonly name: string; readonly value: string }[];
}

/** What was typed, by field. */
export type Values = Readonly<Record<string, string>>;

export type PlatformId = "github" | "gitlab" | "kubernetes" | "google" | "spiffe" | "other";

/** A platform whose tokens a client may be known by. */
export interface Platform {
  readonly id: PlatformId;
  readonly label: string;
  readonly fields: readonly PresetField[];
  /** Whether its keys may have to be pasted, or always must. */
  readonly keys: "published" | "maybe" | "pasted";
  /** Pure: what the fields mean. An empty field is an empty text. */
  readonly rules: (values: Values) => Rules;
}

const field = (id: string, label: string, placeholder: string, more: Partial<PresetField> = {}): PresetField => ({
  id,
  label,
  placeholder,
  ...more,
});
const named = (name: string, value: string | undefined) => (value ? [{ name, value }] : []);

/** The fields that are still empty and may not be. */
export const missingIn = ({ fields }: Platform, values: Values): readonly PresetField[] =>
  fields.filter(({ id, optional }) => !optional && !values[id]);

/** What a token must say so far, an ellipsis for what is still to be typed. */
export const rulesSoFar = (platform: Platform, values: Values): Rules =>
  platform.rules({ ...values, ...Object.fromEntries(missingIn(platform, values).map(({ id }) => [id, "…"])) });

export const platforms: readonly [Platform, ...Platform[]] = [
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
        help: "Repositories made, renamed or transferred after 15 July 2026 send both IDs inside sub.",
        command: "gh api repos/acme/shop --jq '.owner.id, .id'",
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
      field("issuer", "Address", "https://gitlab.com", { optional: true, help: "Left out: https://gitlab.com." }),
      field("project", "Project", "acme/shop"),
      field("branch", "Branch", "main"),
      field("projectId", "Project ID", "4711", { optional: true, help: "It survives a rename, and is nobody else's." }),
    ],
    rules: ({ issuer = "", project = "", branch = "", projectId }) => ({
      issuer: issuer || "https://gitlab.com",
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
        command: "kubectl get --raw /.well-known/openid-configuration",
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
        help: "It is never given again.",
        command: "gcloud iam service-accounts describe … --format='value(uniqueId)'",
      }),
    ],
    rules: ({ uniqueId }) => ({ issuer: "https://accounts.google.com", claims: named("sub", uniqueId) }),
  },
  {
    id: "spiffe",
    label: "SPIFFE",
    keys: "pasted",
    fields: [
      field("issuer", "Trust domain", "acme.example"),
      field("path", "Workload", "/ns/shop/sa/billing", { help: "What follows the trust domain in its SPIFFE ID." }),
    ],
    rules: ({ issuer = "", path = "" }) => ({
      issuer: `spiffe://${issuer}`,
      claims: named("sub", `spiffe://${issuer}${path}`),
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

/** Whose issuer it is, or its host or trust domain where that is nobody's of these. */
export const platformOf = (issuer: string): string =>
  platforms.find((one) => one.rules({}).issuer === issuer)?.label ??
  issuer.replace(/^[a-z]+:\/\//, "").replace(/\/.*$/, "");
