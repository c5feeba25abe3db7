ALTER TABLE "tenants" ADD COLUMN "limits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "restores_to" text;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "slug_digest" "bytea";--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_slug_digest_unique" UNIQUE("slug_digest");--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_deleted_stopped" CHECK ("tenants"."deleted_at" is null or ("tenants"."status" <> 'active' and not "tenants"."is_root"));--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_tombstone" CHECK (("tenants"."status" = 'deleted') = ("tenants"."slug_digest" is not null));