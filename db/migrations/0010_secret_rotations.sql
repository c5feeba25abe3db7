CREATE TABLE "secret_rotations" (
	"tenant_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"client_id" text NOT NULL,
	"former_id" text NOT NULL,
	"successor_id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"former_expires_at" timestamp (3) with time zone,
	"issued_before" bigint NOT NULL,
	"auto_retire" boolean NOT NULL,
	"retired_at" timestamp (3) with time zone,
	CONSTRAINT "secret_rotations_tenant_id_former_id_pk" PRIMARY KEY("tenant_id","former_id"),
	CONSTRAINT "secret_rotations_successor" UNIQUE("tenant_id","successor_id")
);
--> statement-breakpoint
ALTER TABLE "secret_rotations" ADD CONSTRAINT "secret_rotations_client" FOREIGN KEY ("tenant_id","workspace_id","client_id") REFERENCES "public"."clients"("tenant_id","workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "secret_rotations_by_client" ON "secret_rotations" USING btree ("tenant_id","client_id");--> statement-breakpoint
CREATE INDEX "secret_rotations_due" ON "secret_rotations" USING btree ("ends_at") WHERE "secret_rotations"."auto_retire" and "secret_rotations"."retired_at" is null;