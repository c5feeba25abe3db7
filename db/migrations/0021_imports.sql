CREATE TABLE "import_rows" (
	"tenant_id" text NOT NULL,
	"import_id" text NOT NULL,
	"line" integer NOT NULL,
	"name" text NOT NULL,
	"client_id" text,
	"oauth_client_id" text,
	"sealed_secret" text,
	"code" text,
	"problem" text,
	"fix" text,
	CONSTRAINT "import_rows_tenant_id_import_id_line_pk" PRIMARY KEY("tenant_id","import_id","line")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"format" text NOT NULL,
	"sealing_key" jsonb,
	"sending" text,
	"size" bigint DEFAULT 0 NOT NULL,
	"done_bytes" bigint DEFAULT 0 NOT NULL,
	"done_line" integer DEFAULT 0 NOT NULL,
	"done_digest" "bytea",
	"made" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"moved_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "imports_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
DROP INDEX "client_grants_by_resource";--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import" FOREIGN KEY ("tenant_id","import_id") REFERENCES "public"."imports"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_workspace" FOREIGN KEY ("tenant_id","workspace_id") REFERENCES "public"."workspaces"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_newest" ON "imports" USING btree ("tenant_id","workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "imports_expired" ON "imports" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "clients_by_id" ON "clients" USING btree ("tenant_id","workspace_id","id");--> statement-breakpoint
CREATE INDEX "client_grants_by_resource" ON "client_grants" USING btree ("tenant_id","resource_id","id");