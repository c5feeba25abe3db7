ALTER TABLE "replicas" ADD COLUMN "watched" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "replicas" ADD COLUMN "pulse" jsonb;--> statement-breakpoint
ALTER TABLE "workspace_latencies" ADD COLUMN "refused" integer DEFAULT 0 NOT NULL;