ALTER TABLE "invitations" ADD COLUMN "mailed_code_digest" "bytea";--> statement-breakpoint
CREATE INDEX "invitations_by_mailed_code" ON "invitations" USING btree ("mailed_code_digest");