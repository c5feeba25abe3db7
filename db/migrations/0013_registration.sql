CREATE TABLE "client_registrations" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"client_id" text NOT NULL,
	"token_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"pepper_version" integer NOT NULL,
	"hint" text NOT NULL,
	"credential_ids" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "client_registrations_tenant_id_client_id_pk" PRIMARY KEY("tenant_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "initial_access_token_scopes" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"token_id" text NOT NULL,
	"scope_id" text NOT NULL,
	CONSTRAINT "initial_access_token_scopes_tenant_id_token_id_scope_id_pk" PRIMARY KEY("tenant_id","token_id","scope_id")
);
--> statement-breakpoint
CREATE TABLE "initial_access_tokens" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"pepper_version" integer NOT NULL,
	"hint" text NOT NULL,
	"uses" integer NOT NULL,
	"uses_left" integer NOT NULL,
	"methods" text[],
	"secret_lifetime" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "initial_access_tokens_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "initial_access_tokens_in_workspace" UNIQUE("tenant_id","workspace_id","id"),
	CONSTRAINT "initial_access_tokens_uses" CHECK ("initial_access_tokens"."uses_left" between 0 and "initial_access_tokens"."uses")
);
--> statement-breakpoint
ALTER TABLE "client_registrations" ADD CONSTRAINT "client_registrations_pepper_version_peppers_version_fk" FOREIGN KEY ("pepper_version") REFERENCES "public"."peppers"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_registrations" ADD CONSTRAINT "client_registrations_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_registrations" ADD CONSTRAINT "client_registrations_token" FOREIGN KEY ("tenant_id","workspace_id","token_id") REFERENCES "public"."initial_access_tokens"("tenant_id","workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "initial_access_token_scopes" ADD CONSTRAINT "initial_access_token_scopes_token" FOREIGN KEY ("tenant_id","workspace_id","token_id") REFERENCES "public"."initial_access_tokens"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "initial_access_token_scopes" ADD CONSTRAINT "initial_access_token_scopes_scope" FOREIGN KEY ("tenant_id","workspace_id","scope_id") REFERENCES "public"."scopes"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "initial_access_tokens" ADD CONSTRAINT "initial_access_tokens_pepper_version_peppers_version_fk" FOREIGN KEY ("pepper_version") REFERENCES "public"."peppers"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "initial_access_tokens" ADD CONSTRAINT "initial_access_tokens_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "client_registrations_by_token" ON "client_registrations" USING btree ("tenant_id","token_id");--> statement-breakpoint
CREATE INDEX "initial_access_token_scopes_by_scope" ON "initial_access_token_scopes" USING btree ("tenant_id","scope_id");--> statement-breakpoint
CREATE INDEX "initial_access_tokens_newest" ON "initial_access_tokens" USING btree ("tenant_id","workspace_id","created_at","id");