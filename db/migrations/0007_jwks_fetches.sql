ALTER TABLE "jwks_fetches" ADD COLUMN "first_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "jwks_fetches" ADD COLUMN "fetches" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "jwks_fetches" ADD COLUMN "set_changed_at" timestamp (3) with time zone NOT NULL;