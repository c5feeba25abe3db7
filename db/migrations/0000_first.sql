CREATE TABLE "assignments" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"role_id" text NOT NULL,
	"client_id" text,
	"member_id" text,
	"target_all" boolean NOT NULL,
	"target_workspace_id" text,
	"not_before" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assignments_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "assignments_one_subject" CHECK (num_nonnulls("assignments"."client_id", "assignments"."member_id") = 1),
	CONSTRAINT "assignments_one_target" CHECK ("assignments"."target_all" = ("assignments"."target_workspace_id" is null))
);
--> statement-breakpoint
CREATE TABLE "client_grant_scopes" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"resource_id" text NOT NULL,
	"grant_id" text NOT NULL,
	"scope_id" text NOT NULL,
	CONSTRAINT "client_grant_scopes_tenant_id_grant_id_scope_id_pk" PRIMARY KEY("tenant_id","grant_id","scope_id")
);
--> statement-breakpoint
CREATE TABLE "client_grants" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"resource_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "client_grants_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "client_grants_once" UNIQUE("tenant_id","client_id","resource_id"),
	CONSTRAINT "client_grants_in_resource" UNIQUE("tenant_id","workspace_id","resource_id","id")
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"mode" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policies_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "policies_name" UNIQUE("tenant_id","workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "resource_servers" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"resource_id" text NOT NULL,
	"client_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "resource_servers_tenant_id_resource_id_client_id_pk" PRIMARY KEY("tenant_id","resource_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "resources" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"identifier" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"is_own_api" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "resources_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "resources_identifier" UNIQUE("tenant_id","workspace_id","identifier"),
	CONSTRAINT "resources_in_workspace" UNIQUE("tenant_id","workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "role_scopes" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"role_id" text NOT NULL,
	"scope_id" text NOT NULL,
	CONSTRAINT "role_scopes_tenant_id_role_id_scope_id_pk" PRIMARY KEY("tenant_id","role_id","scope_id")
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"is_built_in" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "roles_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "roles_name" UNIQUE("tenant_id","workspace_id","name"),
	CONSTRAINT "roles_in_workspace" UNIQUE("tenant_id","workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "scopes" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"resource_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "scopes_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "scopes_name" UNIQUE("tenant_id","resource_id","name"),
	CONSTRAINT "scopes_in_resource" UNIQUE("tenant_id","workspace_id","resource_id","id"),
	CONSTRAINT "scopes_in_workspace" UNIQUE("tenant_id","workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text,
	"name" text DEFAULT '' NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"not_before" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"last_used_address" text,
	"digest" "bytea" NOT NULL,
	"pepper_version" integer NOT NULL,
	"is_imported" boolean DEFAULT false NOT NULL,
	"member_id" text,
	"follows_grants" boolean NOT NULL,
	"scope_ids" text[],
	"is_made_by_operator" boolean DEFAULT false NOT NULL,
	CONSTRAINT "api_tokens_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "api_tokens_digest" UNIQUE("tenant_id","workspace_id","digest"),
	CONSTRAINT "api_tokens_one_owner" CHECK (num_nonnulls("api_tokens"."client_id", "api_tokens"."member_id") = 1),
	CONSTRAINT "api_tokens_power" CHECK ("api_tokens"."follows_grants" = ("api_tokens"."scope_ids" is null))
);
--> statement-breakpoint
CREATE TABLE "client_certificates" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"not_before" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"last_used_address" text,
	"subject_type" text NOT NULL,
	"subject" text NOT NULL,
	"pem" text,
	CONSTRAINT "client_certificates_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "client_keys" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"not_before" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"last_used_address" text,
	"kid" text,
	"public_jwk" jsonb,
	"jwks_uri" text,
	CONSTRAINT "client_keys_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "client_keys_one_source" CHECK (num_nonnulls("client_keys"."public_jwk", "client_keys"."jwks_uri") = 1)
);
--> statement-breakpoint
CREATE TABLE "client_secrets" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"not_before" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"last_used_address" text,
	"digest" "bytea" NOT NULL,
	"pepper_version" integer NOT NULL,
	"is_imported" boolean DEFAULT false NOT NULL,
	CONSTRAINT "client_secrets_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "client_secrets_digest" UNIQUE("tenant_id","workspace_id","digest")
);
--> statement-breakpoint
CREATE TABLE "clients" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"type" text DEFAULT 'service' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"tokens_not_before" timestamp (3) with time zone,
	"cut_offs" integer DEFAULT 0 NOT NULL,
	"owner_member_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "clients_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "clients_client_id" UNIQUE("tenant_id","workspace_id","client_id"),
	CONSTRAINT "clients_in_workspace" UNIQUE("tenant_id","workspace_id","id"),
	CONSTRAINT "clients_status" CHECK ("clients"."status" in ('active', 'disabled'))
);
--> statement-breakpoint
CREATE TABLE "federated_credentials" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"not_before" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"last_used_address" text,
	"issuer" text NOT NULL,
	"audience" text NOT NULL,
	"claims" jsonb NOT NULL,
	"jwks" jsonb,
	CONSTRAINT "federated_credentials_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"id" integer PRIMARY KEY NOT NULL,
	"origin" text NOT NULL,
	"key_check" "bytea" NOT NULL,
	"root_tenant_id" text,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"owned_at" timestamp (3) with time zone,
	CONSTRAINT "installation_single" CHECK ("installation"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "peppers" (
	"version" integer PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_provider" UNIQUE("provider_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"code_digest" "bytea" NOT NULL,
	"email" text,
	"roles" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitations_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "invitations_code" UNIQUE("tenant_id","code_digest")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"display_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "members_once" UNIQUE("tenant_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text,
	"public_key" text NOT NULL,
	"credential_id" text NOT NULL,
	"counter" integer NOT NULL,
	"device_type" text NOT NULL,
	"backed_up" boolean NOT NULL,
	"transports" text,
	"aaguid" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"tenant_id" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "sso_identities" (
	"tenant_id" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sso_identities_tenant_id_issuer_subject_pk" PRIMARY KEY("tenant_id","issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "two_factors" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"two_factor_enabled" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"outcome" text NOT NULL,
	"actor" text NOT NULL,
	"correlation_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"personal" jsonb,
	"salt" "bytea",
	"commitment" "bytea" NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_events_tenant_id_workspace_id_sequence_pk" PRIMARY KEY("tenant_id","workspace_id","sequence"),
	CONSTRAINT "audit_events_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_heads_tenant_id_workspace_id_pk" PRIMARY KEY("tenant_id","workspace_id")
);
--> statement-breakpoint
CREATE TABLE "change_feed" (
	"shard" integer NOT NULL,
	"number" bigint NOT NULL,
	"mark" text NOT NULL,
	"tenant_id" text NOT NULL,
	"workspace_id" text,
	"touched" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "change_feed_shard_number_pk" PRIMARY KEY("shard","number")
);
--> statement-breakpoint
CREATE TABLE "credential_sources" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credential_sources_tenant_id_workspace_id_credential_id_address_agent_pk" PRIMARY KEY("tenant_id","workspace_id","credential_id","address","agent")
);
--> statement-breakpoint
CREATE TABLE "feed_shards" (
	"shard" integer PRIMARY KEY NOT NULL,
	"number" bigint DEFAULT 0 NOT NULL,
	"mark" text DEFAULT '' NOT NULL,
	CONSTRAINT "feed_shards_range" CHECK ("feed_shards"."shard" between 0 and 15)
);
--> statement-breakpoint
CREATE TABLE "history" (
	"tenant_id" text NOT NULL,
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"workspace_id" text,
	"shard" integer NOT NULL,
	"feed_number" bigint NOT NULL,
	"body" jsonb,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "history_tenant_id_kind_id_version_pk" PRIMARY KEY("tenant_id","kind","id","version")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"tenant_id" text NOT NULL,
	"principal" text NOT NULL,
	"mutation" text NOT NULL,
	"client_mutation_id" text NOT NULL,
	"input_hash" "bytea" NOT NULL,
	"result" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_tenant_id_principal_mutation_client_mutation_id_pk" PRIMARY KEY("tenant_id","principal","mutation","client_mutation_id")
);
--> statement-breakpoint
CREATE TABLE "replay_ids" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"replay_id" text NOT NULL,
	"token_jti" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "replay_ids_tenant_id_workspace_id_replay_id_pk" PRIMARY KEY("tenant_id","workspace_id","replay_id")
);
--> statement-breakpoint
CREATE TABLE "revoked_tokens" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"jti" text NOT NULL,
	"client_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "revoked_tokens_tenant_id_workspace_id_jti_pk" PRIMARY KEY("tenant_id","workspace_id","jti")
);
--> statement-breakpoint
CREATE TABLE "token_log" (
	"day" date NOT NULL,
	"jti" text NOT NULL,
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"correlation_id" text NOT NULL,
	"client" text,
	"client_id" text,
	"credential_id" text,
	"method" text,
	"resource" text,
	"scope" text,
	"kid" text,
	"expires_at" timestamp (3) with time zone,
	"reason" text,
	"evidence" jsonb,
	"count" integer DEFAULT 1 NOT NULL,
	"address" text NOT NULL,
	"agent" text,
	"feed_number" bigint NOT NULL,
	CONSTRAINT "token_log_day_jti_pk" PRIMARY KEY("day","jti")
);
--> statement-breakpoint
CREATE TABLE "usage_days" (
	"day" date NOT NULL,
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"client_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"resource" text NOT NULL,
	"scope" text NOT NULL,
	"issued" bigint DEFAULT 0 NOT NULL,
	"refused" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_days_tenant_id_workspace_id_day_client_id_credential_id_resource_scope_pk" PRIMARY KEY("tenant_id","workspace_id","day","client_id","credential_id","resource","scope")
);
--> statement-breakpoint
CREATE TABLE "usage_hours" (
	"hour" timestamp (3) with time zone NOT NULL,
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"client_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"resource" text NOT NULL,
	"scope" text NOT NULL,
	"issued" bigint DEFAULT 0 NOT NULL,
	"refused" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_hours_tenant_id_workspace_id_hour_client_id_credential_id_resource_scope_pk" PRIMARY KEY("tenant_id","workspace_id","hour","client_id","credential_id","resource","scope")
);
--> statement-breakpoint
CREATE TABLE "jwks_fetches" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "jwks_fetches_tenant_id_workspace_id_address_agent_pk" PRIMARY KEY("tenant_id","workspace_id","address","agent")
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"kid" text NOT NULL,
	"alg" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"wrapped_private_key" "bytea" NOT NULL,
	"publish_at" timestamp (3) with time zone NOT NULL,
	"activate_at" timestamp (3) with time zone,
	"retire_at" timestamp (3) with time zone,
	"remove_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "signing_keys_tenant_id_workspace_id_kid_pk" PRIMARY KEY("tenant_id","workspace_id","kid"),
	CONSTRAINT "signing_keys_one_issuer" UNIQUE("tenant_id","kid"),
	CONSTRAINT "signing_keys_alg" CHECK ("signing_keys"."alg" in ('ES256', 'EdDSA', 'PS256', 'RS256'))
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"is_root" boolean DEFAULT false NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_slug_unique" UNIQUE("slug"),
	CONSTRAINT "tenants_status" CHECK ("tenants"."status" in ('active', 'suspended', 'deleted'))
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"issuer" text NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workspaces_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "workspaces_issuer_unique" UNIQUE("issuer"),
	CONSTRAINT "workspaces_slug" UNIQUE("tenant_id","slug"),
	CONSTRAINT "workspaces_kind" CHECK ("workspaces"."kind" in ('admin', 'system', 'custom')),
	CONSTRAINT "workspaces_status" CHECK ("workspaces"."status" in ('active', 'suspended', 'deleted'))
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_role" FOREIGN KEY ("tenant_id","workspace_id","role_id") REFERENCES "public"."roles"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_member" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_target" FOREIGN KEY ("tenant_id","target_workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_grant_scopes" ADD CONSTRAINT "client_grant_scopes_grant" FOREIGN KEY ("tenant_id","workspace_id","resource_id","grant_id") REFERENCES "public"."client_grants"("tenant_id","workspace_id","resource_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_grant_scopes" ADD CONSTRAINT "client_grant_scopes_scope" FOREIGN KEY ("tenant_id","workspace_id","resource_id","scope_id") REFERENCES "public"."scopes"("tenant_id","workspace_id","resource_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_grants" ADD CONSTRAINT "client_grants_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_grants" ADD CONSTRAINT "client_grants_resource" FOREIGN KEY ("tenant_id","workspace_id","resource_id") REFERENCES "public"."resources"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resource_servers" ADD CONSTRAINT "resource_servers_resource" FOREIGN KEY ("tenant_id","workspace_id","resource_id") REFERENCES "public"."resources"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resource_servers" ADD CONSTRAINT "resource_servers_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resources" ADD CONSTRAINT "resources_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_scopes" ADD CONSTRAINT "role_scopes_role" FOREIGN KEY ("tenant_id","workspace_id","role_id") REFERENCES "public"."roles"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_scopes" ADD CONSTRAINT "role_scopes_scope" FOREIGN KEY ("tenant_id","workspace_id","scope_id") REFERENCES "public"."scopes"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scopes" ADD CONSTRAINT "scopes_resource" FOREIGN KEY ("tenant_id","workspace_id","resource_id") REFERENCES "public"."resources"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_pepper_version_peppers_version_fk" FOREIGN KEY ("pepper_version") REFERENCES "public"."peppers"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_member" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_certificates" ADD CONSTRAINT "client_certificates_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_keys" ADD CONSTRAINT "client_keys_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_secrets" ADD CONSTRAINT "client_secrets_pepper_version_peppers_version_fk" FOREIGN KEY ("pepper_version") REFERENCES "public"."peppers"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_secrets" ADD CONSTRAINT "client_secrets_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_owner" FOREIGN KEY ("tenant_id","owner_member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federated_credentials" ADD CONSTRAINT "federated_credentials_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "two_factors" ADD CONSTRAINT "two_factors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_heads" ADD CONSTRAINT "audit_heads_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_feed" ADD CONSTRAINT "change_feed_shard_feed_shards_shard_fk" FOREIGN KEY ("shard") REFERENCES "public"."feed_shards"("shard") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "history" ADD CONSTRAINT "history_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency" ADD CONSTRAINT "idempotency_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revoked_tokens" ADD CONSTRAINT "revoked_tokens_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jwks_fetches" ADD CONSTRAINT "jwks_fetches_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD CONSTRAINT "signing_keys_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignments_by_client" ON "assignments" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "assignments_by_member" ON "assignments" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "assignments_by_role" ON "assignments" USING btree ("tenant_id","role_id");--> statement-breakpoint
CREATE INDEX "client_grant_scopes_by_scope" ON "client_grant_scopes" USING btree ("tenant_id","scope_id");--> statement-breakpoint
CREATE INDEX "client_grants_by_resource" ON "client_grants" USING btree ("tenant_id","resource_id");--> statement-breakpoint
CREATE INDEX "resource_servers_by_client" ON "resource_servers" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "role_scopes_by_scope" ON "role_scopes" USING btree ("tenant_id","scope_id");--> statement-breakpoint
CREATE INDEX "api_tokens_by_client" ON "api_tokens" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "api_tokens_by_member" ON "api_tokens" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "client_certificates_by_client" ON "client_certificates" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "client_keys_by_client" ON "client_keys" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "client_secrets_by_client" ON "client_secrets" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "clients_newest" ON "clients" USING btree ("tenant_id","workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "federated_credentials_by_client" ON "federated_credentials" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "accounts_by_user" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "members_by_user" ON "members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "passkeys_by_user" ON "passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_by_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "two_factors_by_user" ON "two_factors" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verifications_by_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "audit_events_newest" ON "audit_events" USING btree ("tenant_id","workspace_id","at");--> statement-breakpoint
CREATE INDEX "history_by_feed" ON "history" USING btree ("tenant_id","feed_number");--> statement-breakpoint
CREATE INDEX "idempotency_expiry" ON "idempotency" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "replay_ids_expiry" ON "replay_ids" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "revoked_tokens_expiry" ON "revoked_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "token_log_newest" ON "token_log" USING btree ("tenant_id","workspace_id","at");--> statement-breakpoint
CREATE INDEX "jwks_fetches_last" ON "jwks_fetches" USING btree ("tenant_id","workspace_id","last_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tenants_one_root" ON "tenants" USING btree ("is_root") WHERE "tenants"."is_root";--> statement-breakpoint
CREATE UNIQUE INDEX "workspaces_one_special" ON "workspaces" USING btree ("tenant_id","kind") WHERE "workspaces"."kind" <> 'custom';--> statement-breakpoint
INSERT INTO "feed_shards" ("shard") SELECT generate_series(0, 15);
