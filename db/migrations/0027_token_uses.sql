CREATE TABLE "token_uses" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"client" text NOT NULL,
	"resource" text NOT NULL,
	"checked_by" text NOT NULL,
	"scope" text NOT NULL,
	"address" text NOT NULL,
	"reason" text NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"uses" bigint NOT NULL,
	CONSTRAINT "token_uses_tenant_id_workspace_id_client_resource_checked_by_scope_address_reason_pk" PRIMARY KEY("tenant_id","workspace_id","client","resource","checked_by","scope","address","reason")
);
--> statement-breakpoint
ALTER TABLE "token_uses" ADD CONSTRAINT "token_uses_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "token_uses_last" ON "token_uses" USING btree ("tenant_id","workspace_id","client","last_at");