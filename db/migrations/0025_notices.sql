CREATE TABLE "notice_deliveries" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"notice_id" text NOT NULL,
	"receiver" text NOT NULL,
	"webhook_id" text,
	"member_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_tried_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"problem" text,
	"status" integer,
	CONSTRAINT "notice_deliveries_tenant_id_notice_id_receiver_pk" PRIMARY KEY("tenant_id","notice_id","receiver"),
	CONSTRAINT "notice_deliveries_receiver" CHECK ("notice_deliveries"."receiver" = coalesce("notice_deliveries"."webhook_id", "notice_deliveries"."member_id")),
	CONSTRAINT "notice_deliveries_one_receiver" CHECK (num_nonnulls("notice_deliveries"."webhook_id", "notice_deliveries"."member_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"credential_id" text,
	"ends_at" timestamp (3) with time zone,
	"step" integer,
	"body" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notices_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "notices_in_workspace" UNIQUE("tenant_id","workspace_id","id"),
	CONSTRAINT "notices_once" UNIQUE("tenant_id","credential_id","ends_at","step"),
	CONSTRAINT "notices_test" CHECK (num_nonnulls("notices"."credential_id", "notices"."ends_at", "notices"."step") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"wrapped_secret" "bytea" NOT NULL,
	"former_wrapped_secret" "bytea",
	"former_secret_ends_at" timestamp (3) with time zone,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhooks_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "webhooks_in_workspace" UNIQUE("tenant_id","workspace_id","id"),
	CONSTRAINT "webhooks_former_secret" CHECK (("webhooks"."former_wrapped_secret" is null) = ("webhooks"."former_secret_ends_at" is null))
);
--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD CONSTRAINT "notice_deliveries_notice" FOREIGN KEY ("tenant_id","workspace_id","notice_id") REFERENCES "public"."notices"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD CONSTRAINT "notice_deliveries_webhook" FOREIGN KEY ("tenant_id","workspace_id","webhook_id") REFERENCES "public"."webhooks"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD CONSTRAINT "notice_deliveries_member" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notice_deliveries_due" ON "notice_deliveries" USING btree ("due_at") WHERE "notice_deliveries"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "notice_deliveries_by_webhook" ON "notice_deliveries" USING btree ("tenant_id","webhook_id","created_at");--> statement-breakpoint
CREATE INDEX "notice_deliveries_by_member" ON "notice_deliveries" USING btree ("tenant_id","member_id") WHERE "notice_deliveries"."member_id" is not null;--> statement-breakpoint
CREATE INDEX "notices_oldest" ON "notices" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "api_tokens_by_end" ON "api_tokens" USING btree ("expires_at") WHERE "api_tokens"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "client_certificates_by_end" ON "client_certificates" USING btree ("expires_at") WHERE "client_certificates"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "client_keys_by_end" ON "client_keys" USING btree ("expires_at") WHERE "client_keys"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "client_secrets_by_end" ON "client_secrets" USING btree ("expires_at") WHERE "client_secrets"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "federated_credentials_by_end" ON "federated_credentials" USING btree ("expires_at") WHERE "federated_credentials"."revoked_at" is null;