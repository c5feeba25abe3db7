import { apiTokens, clientSecrets, clients, members, tenants } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import type { MemberPrincipal } from "../authority/principal.ts";
import { refuse } from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { holdSession } from "../people/session.ts";
import type { GeneratedType } from "../settings/generated-types.ts";
import type { EffectiveSettings } from "../settings/settings.ts";
import { ssoFacts } from "../sso/sso-door.ts";
import { refuseType } from "./generated-type.ts";
import { isLivingAt } from "./living-credential.ts";

/** The person whose session decides: the permission of these acts lets nobody else through. */
export function personOf({ principal }: Reader): MemberPrincipal {
  if (principal.kind !== "member") throw new Error("something personal was asked for by nobody's session");
  return principal;
}

/**
 * Refuses what the settings do not let a person generate for themselves. Both types count together; two calls of one person
 * cannot both be the last that the limit allows: the member is locked. So is the session: what it makes does not outlive a
 * reset that ends it.
 *
 * @throws Refusal TURNED_OFF, LIMIT_REACHED, UNAUTHENTICATED
 */
export async function refuseBeyondPersonal(
  write: Writer,
  memberId: string,
  settings: EffectiveSettings,
  type: GeneratedType,
): Promise<void> {
  const { tx, tenantId } = write;
  if (settings.personalTokens.value === "off")
    refuse({ code: "TURNED_OFF", noun: "personalToken", setting: "personalTokens" });
  refuseType(settings, "personalToken", type);
  const isMember = and(eq(members.tenantId, tenantId), eq(members.id, memberId));
  await tx.select({ id: members.id }).from(members).where(isMember).for("no key update");
  await holdSession(tx, personOf(write).sessionId);
  // It may have been turned off while this waited.
  const [door] = await tx
    .select(ssoFacts)
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(isMember);
  if (door?.isSso && !door.isProviderOn)
    refuse({ code: "TURNED_OFF", noun: "personalToken", setting: "personalTokens" });
  const limit = settings.personalTokenLimit.value;
  if ((await livingOf(write, memberId)) >= limit)
    refuse({ code: "LIMIT_REACHED", noun: "personalToken", limit, setting: "personalTokenLimit" });
}

/** How many of a member's own, of both types, work now. */
async function livingOf({ tx, tenantId, now }: Writer, memberId: string): Promise<number> {
  const isToken = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.memberId, memberId), isLivingAt(apiTokens, now));
  const tokens = await tx.$count(apiTokens, isToken);
  const isTheirs = and(
    eq(clients.tenantId, tenantId),
    eq(clients.ownerMemberId, memberId),
    eq(clients.status, "active"),
  );
  const secrets = await tx
    .select({ id: clientSecrets.id })
    .from(clientSecrets)
    .innerJoin(clients, and(eq(clients.tenantId, clientSecrets.tenantId), eq(clients.id, clientSecrets.clientId)))
    .where(and(isTheirs, isLivingAt(clientSecrets, now)));
  return tokens + secrets.length;
}
