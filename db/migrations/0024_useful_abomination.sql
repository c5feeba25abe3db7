ALTER TABLE "clients" ADD COLUMN "signing_algorithm_before" text;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "signing_algorithm_before" text;--> statement-breakpoint
CREATE INDEX "clients_by_algorithm" ON "clients" USING btree ("tenant_id","workspace_id",("settings" ->> 'signingAlgorithm')) WHERE "clients"."settings" ->> 'signingAlgorithm' is not null;