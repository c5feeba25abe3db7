ALTER TABLE "clients" ADD COLUMN "approval" text DEFAULT 'approved' NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "refusal_reason" text;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "follows_owner" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "clients_by_owner" ON "clients" USING btree ("tenant_id","owner_member_id") WHERE "clients"."owner_member_id" is not null;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_approval" CHECK ("clients"."approval" in ('approved', 'waiting', 'refused'));--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_refused_for" CHECK (("clients"."approval" = 'refused') = ("clients"."refusal_reason" is not null));--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_follows_somebody" CHECK (not "clients"."follows_owner" or "clients"."owner_member_id" is not null);