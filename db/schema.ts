/** Every table, by subject. The rules they keep stand in `DECISIONS.md`. */
export * from "./schema/access.ts";
export * from "./schema/clients.ts";
export * from "./schema/imports.ts";
export * from "./schema/installation.ts";
export * from "./schema/notices.ts";
export * from "./schema/people.ts";
export * from "./schema/records.ts";
export * from "./schema/registration.ts";
export * from "./schema/tenancy.ts";
