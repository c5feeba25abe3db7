CREATE TABLE "client_authorities" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"subject" text NOT NULL,
	"fingerprint" text NOT NULL,
	"pem" text NOT NULL,
	"not_after" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "client_authorities_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "client_authorities_certificate" UNIQUE("tenant_id","workspace_id","fingerprint")
);
--> statement-breakpoint
ALTER TABLE "client_authorities" ADD CONSTRAINT "client_authorities_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;