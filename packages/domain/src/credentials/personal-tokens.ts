import { apiTokens } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { type Actor, readerOf } from "../change/actor.ts";
import { adminWorkspaceOf } from "../change/audit.ts";
import type { Reader } from "../change/handle.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import type { GeneratedType } from "../settings/generated-types.ts";
import { type EffectiveSettings, effectiveSettingsAt } from "../settings/settings.ts";
import { isOfMember, ownToken, type PersonalToken, personalTokensOf } from "./personal-token-row.ts";

/** What counts for personal tokens: they are of the tenant, and its admin workspace says it. */
export async function personalTokenSettings({
  tx,
  tenantId,
}: Pick<Reader, "tx" | "tenantId">): Promise<EffectiveSettings> {
  return effectiveSettingsAt(tx, { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) });
}

/** An own token; `undefined` for everybody else. */
export async function getPersonalToken(actor: Actor, tokenId: string): Promise<PersonalToken | undefined> {
  const read = readerOf(actor);
  if (read.principal.kind !== "member") return undefined;
  const row = await ownToken(read, read.principal.memberId, tokenId);
  return row && (await personalTokensOf(read, [row]))[0];
}

/** The person's own tokens, newest first, with those that are over; `undefined` for machines. */
export async function listPersonalTokens(actor: Actor, page: PageRequest): Promise<Page<PersonalToken> | undefined> {
  const read = readerOf(actor);
  const cut = newestFirst(apiTokens, page);
  if (read.principal.kind !== "member") return undefined;
  const isOwn = and(eq(apiTokens.tenantId, read.tenantId), eq(apiTokens.memberId, read.principal.memberId));
  const rows = await read.tx
    .select()
    .from(apiTokens)
    .where(and(isOwn, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return rows.length === 0 ? emptyPage : pageByAge(await personalTokensOf(read, rows.filter(isOfMember)), cut);
}

/** What a person may make for themselves. */
export interface PersonalTokenRules {
  readonly isOn: boolean;
  /** Which types the tenant chose. */
  readonly types: readonly GeneratedType[];
  readonly limit: number;
  /** Null: as long as they like. A secret's own limit is not in it. */
  readonly longestDays: number | null;
  readonly mayNeverEnd: boolean;
}

/** What counts for the person who asks; `undefined` for machines. */
export async function personalTokenRules(actor: Actor): Promise<PersonalTokenRules | undefined> {
  const read = readerOf(actor);
  if (read.principal.kind !== "member") return undefined;
  const settings = await personalTokenSettings(read);
  const longestDays = settings.staticTokenLifetime.value;
  return {
    isOn: settings.personalTokens.value === "on",
    types: settings.generatedTypes.value,
    limit: settings.personalTokenLimit.value,
    longestDays,
    mayNeverEnd: longestDays === null && settings.staticTokenExpiry.value === "optional",
  };
}
