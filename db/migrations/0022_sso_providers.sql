CREATE TABLE "sso_attempts" (
	"tenant_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"state_digest" "bytea" NOT NULL,
	"browser_digest" "bytea" NOT NULL,
	"session_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sso_attempts_tenant_id_provider_id_state_digest_pk" PRIMARY KEY("tenant_id","provider_id","state_digest")
);
--> statement-breakpoint
CREATE TABLE "sso_providers" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"client_id" text NOT NULL,
	"wrapped_secret" "bytea" NOT NULL,
	"scopes" jsonb NOT NULL,
	"email_domains" jsonb NOT NULL,
	"joining" text NOT NULL,
	"roles" jsonb NOT NULL,
	"roles_by" text,
	"is_required" boolean NOT NULL,
	"is_active" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sso_providers_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "sso_providers_issuer" UNIQUE("tenant_id","issuer")
);
--> statement-breakpoint
ALTER TABLE "sso_identities" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "sso_attempts" ADD CONSTRAINT "sso_attempts_provider" FOREIGN KEY ("tenant_id","provider_id") REFERENCES "public"."sso_providers"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_providers" ADD CONSTRAINT "sso_providers_tenant" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sso_attempts_by_end" ON "sso_attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sso_providers_by_id" ON "sso_providers" USING btree ("id");--> statement-breakpoint
CREATE INDEX "sso_identities_by_user" ON "sso_identities" USING btree ("user_id");--> statement-breakpoint
ALTER TABLE "sso_identities" ADD CONSTRAINT "sso_identities_user" UNIQUE("tenant_id","user_id");