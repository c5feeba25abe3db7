import { clients } from "@mintmark/db/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { insertGeneratedSecret, newSecretInput } from "../credentials/client-secret.ts";
import { type Failure, Refusal } from "../failure.ts";
import { newId } from "../id.ts";
import { description, id, name } from "../input.ts";
import { livingRow, livingWorkspace, naming } from "../living-row.ts";
import { clientSettingInputs, type OwnSettings, updatedSettings } from "../settings/settings.ts";
import { refuseBeyondLimit } from "../tenancy/tenant-limits.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import { approvalOfNew } from "./client-approval.ts";
import { grantedScopes, setGrant } from "./client-grant.ts";
import { type ClientRow, touchedClient } from "./client-row.ts";

/** RFC 6749 appendix A.1: `client-id = *VSCHAR`. */
export const importedClientId = z
  .string()
  .min(1, "A client id has at least one character.")
  .max(255, "A client id has at most 255 characters.")
  .regex(/^[\x20-\x7E]*$/, "A client id has printable ASCII characters only (RFC 6749, appendix A.1).")
  .refine(
    (text) => text.trim() === text,
    "A client id does not begin or end with a space: in a header it would read like the id without it.",
  );

const grants = z
  .array(z.strictObject({ resourceId: id, scopes: grantedScopes }))
  .max(50, "At most 50 grants at once; add the others with setClientGrant.")
  .refine(
    (all) => new Set(all.map((grant) => grant.resourceId)).size === all.length,
    "Name each resource once, with all its scopes.",
  );

const createInput = z.strictObject({
  workspaceId: id,
  name,
  description: description.nullish(),
  clientId: importedClientId.nullish(),
  accessTokenLifetime: clientSettingInputs.accessTokenLifetime,
  grants: grants.nullish(),
  secret: newSecretInput.nullish(),
});
type CreateInput = z.infer<typeof createInput>;

/** A client as it begins. */
interface NewClient {
  readonly workspaceId: string;
  /** `undefined`: its id. */
  readonly name: string | undefined;
  readonly description?: string | null | undefined;
  readonly clientId?: string | null | undefined;
  readonly settings: OwnSettings;
  /** The member whose own it is; `isFollowed`: it may everything that they may. */
  readonly owner?: { readonly memberId: string; readonly isFollowed: boolean };
}

/** Makes a client inside a change. @throws Refusal */
export async function insertClient(write: Writer, input: NewClient): Promise<ClientRow> {
  const { tx, tenantId, now } = write;
  const { workspaceId, settings } = input;
  await refuseBeyondLimit(write, "client");
  const own = newId("client");
  const clientId = input.clientId ?? own;
  const exists = { code: "ALREADY_EXISTS", noun: "client", path: ["clientId"], value: clientId } as const;
  // Neither may one client's brought id be another one's own: each names one client in every record.
  if (input.clientId && (await livingRow(write, clients, input.clientId))?.workspaceId === workspaceId) refuse(exists);
  // A brought id may have belonged to a client deleted this second, whose tokens must not come alive.
  const tokensNotBefore = input.clientId ? sql`date_trunc('second', clock_timestamp()) + interval '2 seconds'` : null;
  const words = { name: input.name ?? own, description: input.description ?? "", settings };
  const approval = await approvalOfNew(write, input);
  const owned = input.owner && { ownerMemberId: input.owner.memberId, followsOwner: input.owner.isFollowed };
  const [row] = await naming(
    { clients_client_id: exists },
    tx
      .insert(clients)
      .values({
        tenantId,
        workspaceId,
        id: own,
        clientId,
        ...words,
        ...owned,
        approval,
        tokensNotBefore,
        createdAt: now,
      })
      .returning(),
  );
  if (!row) throw new Error("an inserted client was not returned");
  return row;
}

const inside = (failure: Failure, place: readonly string[]): Failure =>
  "path" in failure ? { ...failure, path: [...place, ...failure.path] } : failure;

/** Runs a part of a change whose input stands deeper in this one: its failures say where. */
async function within<T>(place: readonly string[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const [first, ...others] = error.failures.map((failure) => inside(failure, place));
    throw first ? new Refusal(first, ...others) : error;
  }
}

/** What the client also gets is decided as when it is given alone. */
async function refuseUnlessGiver(write: Writer, input: CreateInput): Promise<void> {
  const target = await livingWorkspace(write, input.workspaceId);
  if (!target) refuse({ code: "NOT_FOUND", noun: "workspace", id: input.workspaceId, path: ["workspaceId"] });
  if (input.grants && input.grants.length > 0) alsoNeeds(write, "client-grant:write", target);
  if (input.secret) alsoNeeds(write, "client-secret:write", target);
}

async function createWithAccess(write: Writer, input: CreateInput): Promise<Changed> {
  await refuseUnlessGiver(write, input);
  const settings = updatedSettings({}, { accessTokenLifetime: input.accessTokenLifetime });
  const row = await insertClient(write, { ...input, settings });
  const given: Changed[] = [];
  for (const [at, grant] of (input.grants ?? []).entries())
    given.push(await within(["grants", String(at)], () => setGrant(write, { clientId: row.id, ...grant })));
  const { secret: wanted } = input;
  // Last: what the grants made of the client decides who may hold a secret of it.
  const secret =
    wanted && (await within(["secret"], () => insertGeneratedSecret(write, { clientId: row.id, ...wanted })));
  const granted = (input.grants ?? []).map(({ resourceId, scopes }) => ({ resourceId, scopes: [...scopes].sort() }));
  return {
    id: row.id,
    event: {
      type: "client.created",
      clientId: row.id,
      name: row.name,
      ...(granted.length > 0 && { grants: granted }),
      ...(secret && { secretId: secret.id }),
      ...(row.approval === "waiting" && { waits: true }),
    },
    workspaceId: row.workspaceId,
    touched: [touchedClient(row), ...given.flatMap(({ touched }) => touched), ...(secret?.touched ?? [])],
    ...(secret?.secret && { secret: secret.secret }),
  };
}

const CreateClient: Operation<CreateInput, "client:write"> = {
  mutation: "createClient",
  permission: "client:write",
  input: createInput,
  locate: (read, input) => locateWorkspace(read, input.workspaceId, ["workspaceId"]),
  run: createWithAccess,
};

/**
 * Creates a client; it may bring its `client_id` along, and get access and a first secret in the same transaction:
 * all of it or nothing. `secret.value` is shown this once. Needs client:write on the workspace, and client-grant:write
 * and client-secret:write for what is given along with it.
 */
export const createClient = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateClient, raw);
