CREATE TABLE "status_numbers" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"client_id" text NOT NULL,
	"cut_offs" integer NOT NULL,
	"number" integer NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "status_numbers_tenant_id_client_id_cut_offs_pk" PRIMARY KEY("tenant_id","client_id","cut_offs"),
	CONSTRAINT "status_numbers_in_workspace" UNIQUE("tenant_id","workspace_id","number")
);
--> statement-breakpoint
ALTER TABLE "status_numbers" ADD CONSTRAINT "status_numbers_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;