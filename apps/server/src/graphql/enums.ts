import { builder } from "./builder.ts";

/** GraphQL spells enum values in capitals, the domain in its own words. */
export const WorkspaceKind = builder.enumType("WorkspaceKind", {
  values: {
    ADMIN: { value: "admin", description: "Its tokens open the tenant's Admin API." },
    SYSTEM: { value: "system", description: "Its tokens open the System API." },
    CUSTOM: { value: "custom", description: "For APIs of one's own." },
  } as const,
});

export const ActivityStatus = builder.enumType("ActivityStatus", {
  values: { ACTIVE: { value: "active" }, SUSPENDED: { value: "suspended" } } as const,
});

export const TenantStateEnum = builder.enumType("TenantState", {
  description: "What a list of tenants may be narrowed to.",
  values: {
    ACTIVE: { value: "active" },
    SUSPENDED: { value: "suspended", description: "Those that were deleted are not among them." },
    DELETED: { value: "deleted", description: "Deleted, and still to be restored." },
  } as const,
});

export const SsoJoiningEnum = builder.enumType("SsoJoining", {
  description: "How those become members whom a single sign-on provider knows.",
  values: {
    INVITED: { value: "invited", description: "By the link of an invitation, which they open before they sign in." },
    ANYONE: { value: "anyone", description: "By signing in; they get the provider's roles." },
  } as const,
});

export const DeliveryStateEnum = builder.enumType("DeliveryState", {
  description: "How far a notice has come on its way to its receiver.",
  values: {
    WAITING: { value: "waiting", description: "It is sent at once, or tried again later." },
    DELIVERED: { value: "delivered", description: "The receiver answered with a status from 200 to 299." },
    FAILED: { value: "failed", description: "It is not tried again." },
  } as const,
});

export const ClientStatus = builder.enumType("ClientStatus", {
  values: { ACTIVE: { value: "active" }, DISABLED: { value: "disabled" } } as const,
});

export const ClientApprovalEnum = builder.enumType("ClientApproval", {
  description: "Whether a client may hold credentials and get tokens.",
  values: {
    APPROVED: { value: "approved", description: "Also where nobody has to approve clients." },
    WAITING: { value: "waiting" },
    REFUSED: { value: "refused" },
  } as const,
});

export const ApprovalUseEnum = builder.enumType("ApprovalUse", {
  values: {
    NONE: { value: "none", description: "A new client may hold credentials at once." },
    REQUIRED: { value: "required", description: "Somebody with client:approve makes it, or approves it first." },
  } as const,
});

export const ClientStateEnum = builder.enumType("ClientState", {
  description:
    "What a list of clients may be narrowed to. The ones about use and credentials hold active clients only.",
  values: {
    ACTIVE: { value: "active" },
    DISABLED: { value: "disabled" },
    WAITING: { value: "waiting", description: "Nobody approved it yet, or somebody refused it." },
    NEVER_USED: { value: "never_used", description: "No credential of it was ever used." },
    CREDENTIAL_EXPIRING: { value: "credential_expiring", description: "Its last credential ends within 14 days." },
    CREDENTIAL_EXPIRED: { value: "credential_expired", description: "Its last credential has ended." },
  } as const,
});

export const ClientSortEnum = builder.enumType("ClientSort", {
  values: {
    CREATED: { value: "created" },
    NAME: { value: "name" },
    LAST_USED: { value: "last_used", description: "Clients that were never used are the least recently used." },
  } as const,
});

export const SortDirection = builder.enumType("SortDirection", {
  values: { ASCENDING: { value: "ascending" }, DESCENDING: { value: "descending" } } as const,
});

export const SigningAlgorithmEnum = builder.enumType("SigningAlgorithm", {
  values: { ES256: {}, EdDSA: {}, PS256: {}, RS256: {} },
});

export const AccessTokenFormatEnum = builder.enumType("AccessTokenFormat", {
  values: {
    JWT: { value: "jwt", description: "Any library can check it offline, and everybody who holds it can read it." },
    OPAQUE: {
      value: "opaque",
      description: "`mma_…`: only the issuer opens it, at introspection, forward-auth and its own APIs.",
    },
  } as const,
});

export const AuthenticationMethod = builder.enumType("ClientAuthenticationMethod", {
  description: "How a client may prove itself at the token endpoint.",
  values: {
    CLIENT_SECRET_BASIC: { value: "client_secret_basic" },
    CLIENT_SECRET_POST: { value: "client_secret_post" },
    PRIVATE_KEY_JWT: { value: "private_key_jwt" },
    FEDERATED_JWT: { value: "federated_jwt" },
    TLS_CLIENT_AUTH: {
      value: "tls_client_auth",
      description: "A certificate that an authority of the workspace signed.",
    },
    SELF_SIGNED_TLS_CLIENT_AUTH: { value: "self_signed_tls_client_auth", description: "A registered certificate." },
  } as const,
});

export const CertificateSubjectEnum = builder.enumType("CertificateSubject", {
  description: "What a client's certificate is known by.",
  values: {
    DN: { value: "dn", description: "Its whole subject." },
    SAN_DNS: { value: "san_dns" },
    SAN_URI: { value: "san_uri" },
    SAN_IP: { value: "san_ip" },
    SAN_EMAIL: { value: "san_email" },
    THUMBPRINT: { value: "thumbprint", description: "Itself: it is self-signed." },
  } as const,
});

export const CredentialKindEnum = builder.enumType("CredentialKind", {
  values: {
    CLIENT_SECRET: { value: "clientSecret" },
    CLIENT_KEY: { value: "clientKey" },
    CLIENT_CERTIFICATE: { value: "clientCertificate" },
    FEDERATED_CREDENTIAL: { value: "federatedCredential" },
  } as const,
});

export const SigningKeyStateEnum = builder.enumType("SigningKeyState", {
  values: {
    PLANNED: { value: "planned" },
    NEXT: { value: "next" },
    ACTIVE: { value: "active" },
    RETIRING: { value: "retiring" },
    REMOVED: { value: "removed" },
    REVOKED: { value: "revoked" },
  } as const,
});

export const RotationState = builder.enumType("SecretRotationState", {
  values: {
    RUNNING: { value: "running", description: "Both secrets work." },
    RETIRED: { value: "retired", description: "The former one has ended; extending lets it work again." },
  } as const,
});

export const IssuanceEnum = builder.enumType("Issuance", {
  values: {
    ACTIVE: { value: "active" },
    STOPPED: { value: "stopped", description: "No new tokens: 503. Those that were issued go on working." },
  } as const,
});

export const SwitchEnum = builder.enumType("Switch", {
  values: { ON: { value: "on" }, OFF: { value: "off" } } as const,
});

export const TokenExpiryEnum = builder.enumType("TokenExpiry", {
  description: "Whether a static token has to end.",
  values: {
    OPTIONAL: { value: "optional", description: "Never is a choice too." },
    REQUIRED: { value: "required" },
  } as const,
});

export const TokenExchangeEnum = builder.enumType("TokenExchange", {
  values: { ALLOWED: { value: "allowed" }, REFUSED: { value: "refused" } } as const,
});

export const TokenEndpointAudienceEnum = builder.enumType("TokenEndpointAudience", {
  values: { ACCEPTED: { value: "accepted" }, REFUSED: { value: "refused" } } as const,
});

export const DifferenceEnum = builder.enumType("Difference", {
  description: "How a value differs from the one that a rule expects.",
  values: {
    MISSING: { value: "missing" },
    LETTER_CASE: { value: "letter_case" },
    TRAILING_SLASH: { value: "trailing_slash" },
    WHITE_SPACE: { value: "white_space" },
    IDS_ADDED: { value: "ids_added", description: "The token has the ids of owner and repository inside." },
    IDS_LEFT_OUT: { value: "ids_left_out", description: "The rule has the ids of owner and repository inside." },
    BEGINS_ALIKE: { value: "begins_alike", description: "One is the beginning of the other." },
    CHARACTERS: { value: "characters" },
  } as const,
});

export const WhenDatabaseAwayEnum = builder.enumType("WhenDatabaseAway", {
  values: {
    CONTINUE: {
      value: "continue",
      description: "Tokens go on: each record is kept on the server's disk, and written when the database is back.",
    },
    STOP: { value: "stop", description: "No token without its row in the database: 503." },
  } as const,
});

export const BindingUseEnum = builder.enumType("BindingUse", {
  values: {
    OPTIONAL: { value: "optional", description: "A client that sends a DPoP proof gets a token bound to its key." },
    REQUIRED: { value: "required", description: "A token request without a DPoP proof is refused." },
  } as const,
});

export const GeneratedTypeEnum = builder.enumType("GeneratedType", {
  description: "What members can generate.",
  values: {
    STATIC_TOKEN: {
      value: "static_token",
      description: "A string that is sent as it is: an API token, a personal token.",
    },
    CLIENT_CREDENTIALS: {
      value: "client_credentials",
      description: "A client id and a secret that get access tokens.",
    },
  } as const,
});

export const StatusListUseEnum = builder.enumType("StatusListUse", {
  values: {
    OFF: { value: "off", description: "Cut-offs show to those who introspect." },
    ON: { value: "on", description: "Tokens carry their place in a status list, which shows cut-offs within seconds." },
  } as const,
});

export const SettingLevelEnum = builder.enumType("SettingLevel", {
  description: "Where a setting's value comes from.",
  values: {
    DEFAULT: { value: "default" },
    INSTALLATION: { value: "installation" },
    TENANT: { value: "tenant" },
    WORKSPACE: { value: "workspace" },
    CLIENT: { value: "client" },
  } as const,
});

export const AuditOutcome = builder.enumType("AuditOutcome", {
  values: { DONE: { value: "done" }, REFUSED: { value: "refused" } } as const,
});

export const TokenOutcome = builder.enumType("TokenOutcome", {
  values: { ISSUED: { value: "issued" }, REFUSED: { value: "refused" } } as const,
});
