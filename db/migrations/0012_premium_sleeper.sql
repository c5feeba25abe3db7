CREATE TABLE "server_secrets" (
	"purpose" text PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "former_key_check" "bytea";--> statement-breakpoint
ALTER TABLE "replicas" ADD COLUMN "master_keys" text[] DEFAULT '{}' NOT NULL;