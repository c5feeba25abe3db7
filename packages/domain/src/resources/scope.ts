import { resources, scopes } from "@mintmark/db/schema";
import { and, asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, change, mayRead, type Operation, readerOf } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { newId } from "../id.ts";
import { description, id } from "../input.ts";
import { found, livingRow, livingRows, locateRow, naming, targetOf } from "../living-row.ts";
import { editableResource } from "./resource.ts";
import { scopeName } from "./scope-name.ts";

/** A permission on a resource; its name is local to the resource and never changes. */
export interface Scope {
  readonly id: string;
  readonly workspaceId: string;
  readonly resourceId: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
}

/** A scope's own members, of a row that has more. */
export const scopeOf = ({ id, workspaceId, resourceId, name, description, createdAt }: Scope): Scope => ({
  id,
  workspaceId,
  resourceId,
  name,
  description,
  createdAt,
});

const touched = (scope: Scope): Touched => ({
  kind: "scope",
  id: scope.id,
  workspaceId: scope.workspaceId,
  body: { ...scopeOf(scope) },
});

const createInput = z.strictObject({ resourceId: id, name: scopeName, description: description.nullish() });

const CreateScope: Operation<z.infer<typeof createInput>, "resource:write"> = {
  mutation: "createScope",
  permission: "resource:write",
  input: createInput,
  locate: (read, input) => locateRow(read, resources, "resource", input.resourceId, ["resourceId"]),
  async run(write, input) {
    const { tenantId, workspaceId, id: resourceId } = await editableResource(write, input.resourceId, ["resourceId"]);
    const { name, description } = { ...input, description: input.description ?? "" };
    const place = { tenantId, workspaceId, resourceId };
    const row = { ...place, id: newId("scope"), name, description, createdAt: write.now };
    const exists = { code: "ALREADY_EXISTS", noun: "scope", path: ["name"], value: name } as const;
    await naming({ scopes_name: exists }, write.tx.insert(scopes).values(row));
    const event = { type: "scope.created", scopeId: row.id, resourceId, name } as const;
    return { id: row.id, event, workspaceId, touched: [touched(row)] };
  },
};

const locate = (read: Reader, input: { readonly id: string }) => locateRow(read, scopes, "scope", input.id, ["id"]);
const isScope = (write: Writer, id: string) => and(eq(scopes.tenantId, write.tenantId), eq(scopes.id, id));

/** The scope, after its resource was locked and found to be no API of Mintmark's own. */
async function editableScope(write: Writer, scopeId: string) {
  const { kind, ...scope } = found(await livingRow(write, scopes, scopeId), "scope", scopeId, ["id"]);
  await editableResource(write, scope.resourceId, ["id"]);
  return scope;
}

const updateInput = z.strictObject({ id, description });

const UpdateScope: Operation<z.infer<typeof updateInput>, "resource:write"> = {
  mutation: "updateScope",
  permission: "resource:write",
  input: updateInput,
  locate,
  async run(write, { id, description }) {
    const before = await editableScope(write, id);
    await write.tx.update(scopes).set({ description }).where(isScope(write, id));
    const { resourceId, name, workspaceId } = before;
    const event = { type: "scope.updated", scopeId: id, resourceId, name } as const;
    return { id, event, workspaceId, touched: [touched({ ...before, description })] };
  },
};

const deleteInput = z.strictObject({ id });

const DeleteScope: Operation<z.infer<typeof deleteInput>, "resource:write"> = {
  mutation: "deleteScope",
  permission: "resource:write",
  input: deleteInput,
  locate,
  async run(write, { id }) {
    const { resourceId, name, workspaceId } = await editableScope(write, id);
    // Grants and roles lose it with the row; for history, the scope's end is the end of its use.
    await write.tx.delete(scopes).where(isScope(write, id));
    const event = { type: "scope.deleted", scopeId: id, resourceId, name } as const;
    return { id, event, workspaceId, touched: [{ kind: "scope", id, workspaceId, body: null }] };
  },
};

/** Adds a scope to a resource. Needs resource:write on the workspace. */
export const createScope = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateScope, raw);
/** Changes a scope's description; a name that tokens carry never changes. */
export const updateScope = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateScope, raw);
/** Deletes a scope; every grant and role loses it. */
export const deleteScope = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteScope, raw);

export async function getScope(actor: Actor, id: string): Promise<Scope | undefined> {
  const row = await livingRow(readerOf(actor), scopes, id);
  return row && mayRead(actor, "resource:read", targetOf(row)) ? scopeOf(row) : undefined;
}

/** The scopes of each resource, by name; none where they may not be seen. In the order of the ids. */
export async function scopesOfResources(actor: Actor, resourceIds: readonly string[]): Promise<readonly Scope[][]> {
  const read = readerOf(actor);
  const visible = (await livingRows(read, resources, resourceIds)).filter((row) =>
    mayRead(actor, "resource:read", targetOf(row)),
  );
  const byResource = new Map<string, Scope[]>(visible.map(({ id }) => [id, []]));
  const rows = await scopesIn(read, [...byResource.keys()]);
  for (const row of rows) byResource.get(row.resourceId)?.push(scopeOf(row));
  return resourceIds.map((id) => byResource.get(id) ?? []);
}

/** A resource's scopes by name; empty where they may not be seen. */
export async function listScopes(actor: Actor, resourceId: string): Promise<readonly Scope[]> {
  const [list] = await scopesOfResources(actor, [resourceId]);
  return list ?? [];
}

const scopesIn = async (read: Reader, resourceIds: readonly string[]) =>
  resourceIds.length === 0
    ? []
    : read.tx
        .select()
        .from(scopes)
        .where(and(eq(scopes.tenantId, read.tenantId), inArray(scopes.resourceId, [...resourceIds])))
        .orderBy(asc(scopes.name));
