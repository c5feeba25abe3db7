ALTER TABLE "workspaces" ADD COLUMN "jwks_lowered_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "jwks_max_age_before" integer;