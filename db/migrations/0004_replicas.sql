CREATE TABLE "replicas" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"beat_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspace_latencies" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"replica" text NOT NULL,
	"counts" integer[] NOT NULL,
	CONSTRAINT "workspace_latencies_tenant_id_workspace_id_minute_replica_pk" PRIMARY KEY("tenant_id","workspace_id","minute","replica")
);
--> statement-breakpoint
CREATE INDEX "replicas_by_beat" ON "replicas" USING btree ("beat_at");--> statement-breakpoint
CREATE INDEX "clients_by_name" ON "clients" USING btree ("tenant_id","workspace_id",lower("name"),"id");