import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { databaseFolder } from "./folder.ts";

const folder = join(databaseFolder(), "migrations");

/** What would tie us to one kind of server, or hide a rule from the code (DECISIONS.md, "Plain SQL"). */
const forbidden: Record<string, RegExp> = {
  "a trigger": /\bcreate\s+(or\s+replace\s+)?(constraint\s+|event\s+)?trigger\b/i,
  "a function or procedure": /\bcreate\s+(or\s+replace\s+)?(function|procedure)\b|\bplpgsql\b|\bdo\s+\$/i,
  "an extension": /\bcreate\s+extension\b/i,
  "an enum": /\bas\s+enum\b/i,
  "an advisory lock": /advisory_(xact_)?(un)?lock/i,
  "a sequence":
    /\b(create|alter)\s+sequence\b|\b(small|big)?serial\b|\bnextval\b|\bgenerated\s+(always|by\s+default)\s+as\s+identity\b/i,
};

/** Comments may name what statements may not hold. */
const statements = (text: string) => text.replace(/--.*$/gm, "");

const offences = (text: string) => Object.keys(forbidden).filter((what) => forbidden[what]?.test(statements(text)));

test.each(readdirSync(folder).filter((name) => name.endsWith(".sql")))("%s is plain SQL", (name) => {
  expect(offences(readFileSync(join(folder, name), "utf8"))).toEqual([]);
});

test.each([
  ["CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f();", "a trigger"],
  ["create or replace function f() returns int language sql as 'select 1';", "a function or procedure"],
  ["do $$ begin end $$;", "a function or procedure"],
  ["CREATE EXTENSION pgcrypto;", "an extension"],
  ['CREATE TYPE "public"."mode" AS ENUM(\'a\');', "an enum"],
  ["select pg_try_advisory_xact_lock(1);", "an advisory lock"],
  ['CREATE TABLE "a" ("id" bigserial);', "a sequence"],
  ['CREATE TABLE "a" ("id" int GENERATED ALWAYS AS IDENTITY);', "a sequence"],
])("%s is refused", (text, what) => {
  expect(offences(text)).toEqual([what]);
});
