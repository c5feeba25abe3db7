ALTER TABLE "audit_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "former_members" ADD COLUMN "user_id" text;--> statement-breakpoint
ALTER TABLE "former_members" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "audit_heads" ADD COLUMN "cut" jsonb;--> statement-breakpoint
ALTER TABLE "former_members" ADD CONSTRAINT "former_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "former_members_by_user" ON "former_members" USING btree ("user_id");--> statement-breakpoint
CREATE POLICY "audit_events_read" ON "audit_events" AS PERMISSIVE FOR SELECT TO public USING (true);--> statement-breakpoint
CREATE POLICY "audit_events_written" ON "audit_events" AS PERMISSIVE FOR INSERT TO public WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_events_erased" ON "audit_events" AS PERMISSIVE FOR UPDATE TO public USING (true) WITH CHECK (personal is null and salt is null);--> statement-breakpoint
CREATE POLICY "audit_events_outlived" ON "audit_events" AS PERMISSIVE FOR DELETE TO public USING (at < now() - interval '30 days');