import { timingSafeEqual } from "node:crypto";
import type { Transaction } from "@mintmark/db";
import { installation as installations, tenants } from "@mintmark/db/schema";
import { eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { refuse } from "../change/actor.ts";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { appendToFeed, lockShards, type Touched } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import type { PersonContext } from "../change/member-event.ts";
import { name, parseInput, slug } from "../input.ts";
import { createTenantRows, type Making } from "../tenancy/new-workspace.ts";
import { refuseReserved } from "../tenancy/slug.ts";
import { insertAccount, insertMember, ownerRoles } from "./new-member.ts";
import { digestOfCode, grouped, newOneTimeCode } from "./one-time-code.ts";
import { endOwnerLinks } from "./owner-link.ts";
import { type HashPassword, newPerson, withoutObviousPassword } from "./person.ts";

/** How long a set-up code opens set-up, in milliseconds. */
const CODE_LIFETIME_MS = 30 * 60_000;
/** Tries with one code; then only a new start helps. */
const MOST_TRIES = 10;

/**
 * Makes the one-time code of this start; those of earlier starts are dead. Printed, and kept nowhere else.
 *
 * @returns `undefined` when a person owns the server
 */
export async function newSetUpCode({ database, now }: Installation): Promise<string | undefined> {
  const code = newOneTimeCode();
  const setupCodeExpiresAt = new Date(now().getTime() + CODE_LIFETIME_MS);
  const made = await database
    .update(installations)
    .set({ setupCodeDigest: digestOfCode(code), setupCodeExpiresAt, setupTries: 0 })
    .where(isNull(installations.ownedAt))
    .returning({ id: installations.id });
  return made.length > 0 ? grouped(code) : undefined;
}

/** What the set-up page needs to know. */
export interface SetUpState {
  /** No person owns the server yet. */
  readonly needed: boolean;
  /** The root tenant, where `bootstrap` made it. */
  readonly tenant: { readonly slug: string; readonly name: string } | null;
}

export async function setUpState({ database }: Installation): Promise<SetUpState> {
  const [row] = await database.select({ ownedAt: installations.ownedAt }).from(installations);
  if (!row || row.ownedAt) return { needed: false, tenant: null };
  const [tenant] = await database
    .select({ slug: tenants.slug, name: tenants.name })
    .from(tenants)
    .where(eq(tenants.isRoot, true));
  return { needed: true, tenant: tenant ?? null };
}

const Input = withoutObviousPassword(
  z.strictObject({
    code: z.string().max(100, "A set-up code has at most 100 characters."),
    tenantSlug: slug.optional(),
    tenantName: name.optional(),
    ...newPerson,
  }),
);
type Input = z.infer<typeof Input>;

/** Somebody who has just become a member, and of what. */
export interface JoinedMember {
  readonly userId: string;
  readonly email: string;
  readonly tenant: { readonly slug: string; readonly name: string };
}

/**
 * First-run set-up: makes the first person's account, the root tenant unless `bootstrap` made it, and the person its
 * owner and operator. Each wrong code counts against the code.
 *
 * @throws Refusal ALREADY_OWNED, CODE_INVALID, INVALID_INPUT and what is wrong with slug or name
 */
export async function setUp(
  installation: Installation,
  raw: unknown,
  hash: HashPassword,
  context: PersonContext,
): Promise<JoinedMember> {
  const { input } = parseInput(Input, raw);
  if (input.tenantSlug !== undefined) refuseReserved(input.tenantSlug, ["tenantSlug"]);
  await tryCode(installation, input.code);
  const passwordHash = await hash(input.password);
  return installation.database.transaction(async (tx) => {
    const [row] = await tx.select().from(installations).for("no key update");
    if (!row || row.ownedAt) return refuse({ code: "ALREADY_OWNED" });
    // Two at once with the right code: the second finds it used.
    if (!row.setupCodeDigest?.equals(digestOfCode(input.code)))
      return refuse({ code: "CODE_INVALID", what: "set-up code" });
    const making = { tx, installation, now: installation.now() };
    const tenant = await rootTenantFor(making, input);
    const { email } = input;
    const userId = await insertAccount(making, { name: input.name, email, passwordHash });
    const member = await insertMember(
      making,
      tenant.id,
      { userId, displayName: input.name },
      await ownerRoles(making, tenant),
    );
    await tx.update(installations).set({ rootTenantId: tenant.id });
    await lockShards(tx, [tenant.id]);
    const feedNumber = await appendToFeed(tx, tenant.id, null, [...tenant.touched, ...member.touched], making.now);
    const chain = { tenantId: tenant.id, workspaceId: tenant.adminId };
    const by = { ...context, actor: member.id, at: making.now };
    await writeAudit(tx, chain, by, { type: "member.created", memberId: member.id, invitationId: null }, feedNumber);
    await noteOwner(making, { ...tenant, memberId: member.id }, context);
    return { userId, email, tenant: { slug: tenant.slug, name: tenant.name } };
  });
}

/** Counts the try before it is judged, so that many at once are not more than many. */
async function tryCode({ database, now }: Installation, code: string): Promise<void> {
  const [row] = await database
    .update(installations)
    .set({ setupTries: sql`${installations.setupTries} + 1` })
    .where(isNull(installations.ownedAt))
    .returning();
  if (!row) return refuse({ code: "ALREADY_OWNED" });
  const { setupCodeDigest, setupCodeExpiresAt, setupTries } = row;
  const isRight = setupCodeDigest !== null && timingSafeEqual(setupCodeDigest, digestOfCode(code));
  const isAlive = setupCodeExpiresAt !== null && setupCodeExpiresAt > now() && setupTries <= MOST_TRIES;
  if (!isRight || !isAlive) refuse({ code: "CODE_INVALID", what: "set-up code" });
}

interface FoundTenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly isRoot: true;
  readonly adminId: string;
  readonly touched: readonly Touched[];
}

/** The root tenant: that of `bootstrap`, or a new one with the names that were given. */
async function rootTenantFor(making: Making, { tenantSlug, tenantName }: Input): Promise<FoundTenant> {
  const [found] = await making.tx.select().from(tenants).where(eq(tenants.isRoot, true));
  if (found) {
    const adminId = await adminWorkspaceOf(making.tx, found.id);
    return { id: found.id, slug: found.slug, name: found.name, isRoot: true, adminId, touched: [] };
  }
  const missing = (path: string) =>
    refuse({
      code: "INVALID_INPUT",
      path: [path],
      problem: "This server has no tenant yet, so it needs a slug and a name.",
      mend: "Give tenantSlug and tenantName.",
    });
  const made = await createTenantRows(making, {
    slug: tenantSlug ?? missing("tenantSlug"),
    name: tenantName ?? missing("tenantName"),
    isRoot: true,
  });
  return { ...made, name: tenantName ?? "", isRoot: true, adminId: made.admin.id };
}

/** Closes set-up, once a person owns the root tenant: its code and the links that `bootstrap` printed open nothing more. */
export async function noteOwner(
  { tx, now }: Making,
  tenant: { readonly id: string; readonly adminId: string; readonly memberId: string },
  context: PersonContext,
): Promise<void> {
  const closed = await closeSetUp(tx, now);
  if (!closed) return;
  await endOwnerLinks({ tx, now }, tenant.id);
  const chain = { tenantId: tenant.id, workspaceId: tenant.adminId };
  const by = { ...context, actor: tenant.memberId, at: now };
  await writeAudit(tx, chain, by, { type: "installation.owned", memberId: tenant.memberId });
}

async function closeSetUp(tx: Transaction, now: Date): Promise<boolean> {
  const closed = await tx
    .update(installations)
    .set({ ownedAt: now, setupCodeDigest: null, setupCodeExpiresAt: null })
    .where(isNull(installations.ownedAt))
    .returning({ id: installations.id });
  return closed.length > 0;
}
