ALTER TABLE "workspaces" ADD COLUMN "tokens_not_before" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "cut_offs" integer DEFAULT 0 NOT NULL;