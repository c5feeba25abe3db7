import type { Transaction } from "@mintmark/db";
import { resources, scopes } from "@mintmark/db/schema";
import { and, eq, ilike, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
} from "../change/actor.ts";
import { containing } from "../change/audit-filter.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Installation, Reader, Writer } from "../change/handle.ts";
import { newId } from "../id.ts";
import { description, id, name } from "../input.ts";
import {
  found,
  type LivingRow,
  livingRow,
  livingRows,
  livingWorkspace,
  locateRow,
  naming,
  targetOf,
} from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { isIssuerOrigin } from "../tenancy/issuer-address.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import { identifier } from "./resource-identifier.ts";
import { scopeName } from "./scope-name.ts";

/** A protected API; its identifier becomes `aud` and never changes. */
export interface Resource {
  readonly id: string;
  readonly workspaceId: string;
  readonly identifier: string;
  readonly name: string;
  readonly description: string;
  /** Mintmark's own API of a special workspace: it comes with the program and is not edited. */
  readonly isOwnApi: boolean;
  readonly createdAt: Date;
}

const resourceOf = ({ id, workspaceId, identifier, name, description, isOwnApi, createdAt }: Resource): Resource => ({
  id,
  workspaceId,
  identifier,
  name,
  description,
  isOwnApi,
  createdAt,
});

const touched = (resource: Resource): Touched => ({
  kind: "resource",
  id: resource.id,
  workspaceId: resource.workspaceId,
  body: { ...resourceOf(resource) },
});

/** Refuses what would change Mintmark's own API. */
function refuseOwnApi(resource: Pick<Resource, "isOwnApi">): void {
  if (!resource.isOwnApi) return;
  refuse({
    code: "PROTECTED",
    noun: "resource",
    what: "This is Mintmark's own API; it and its scopes come with the program.",
    mend: "Grant its scopes to clients, or put them into roles; for APIs of yours create a resource.",
  });
}

/** The resource, locked, for a change of it or of its scopes. @throws Refusal NOT_FOUND, PROTECTED */
export async function editableResource(
  write: Writer,
  resourceId: string,
  path: readonly string[],
): Promise<LivingRow<typeof resources>> {
  const resource = found(await livingRow(write, resources, resourceId, "lock"), "resource", resourceId, path);
  refuseOwnApi(resource);
  return resource;
}

const createInput = z.strictObject({
  workspaceId: id,
  identifier,
  name,
  description: description.nullish(),
  scopes: z
    .array(z.strictObject({ name: scopeName, description: description.nullish() }))
    .max(200, "At most 200 scopes in one call; add the others with createScope.")
    .nullish(),
});
type CreateInput = z.infer<typeof createInput>;

async function insertScopes(tx: Transaction, resource: typeof resources.$inferSelect, input: CreateInput["scopes"]) {
  const { tenantId, workspaceId, id: resourceId, createdAt } = resource;
  const place = { tenantId, workspaceId, resourceId, createdAt };
  const rows = (input ?? []).map((scope) => ({
    ...place,
    id: newId("scope"),
    name: scope.name,
    description: scope.description ?? "",
  }));
  const twice = rows.findIndex((row, at) => rows.findIndex(({ name }) => name === row.name) < at);
  const second = rows[twice];
  if (second)
    refuse({ code: "ALREADY_EXISTS", noun: "scope", path: ["scopes", String(twice), "name"], value: second.name });
  if (rows.length > 0) await tx.insert(scopes).values(rows);
  return rows;
}

/** Read as a person or a careless program would: whatever the case, the encoding, the query and doubled slashes. */
function isOwnForm(uri: string, installation: Installation): boolean {
  const url = URL.parse(uri);
  if (!url || !(url.origin === installation.origin || isIssuerOrigin(installation, url.origin))) return false;
  const path = url.pathname.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /^\/+[^/]+\/+[^/]+\/+api\/*$/i.test(path);
}

/** An identifier in Mintmark's own form would pass for its own API in the eyes of whoever reads only `aud`. */
function refuseImitation(write: Writer, uri: string): void {
  const { installation } = write;
  if (!isOwnForm(uri, installation)) return;
  refuse({
    code: "INVALID_INPUT",
    path: ["identifier"],
    problem: `Identifiers of the form ${installation.issuerOrigin}/TENANT/WORKSPACE/api are those of Mintmark's own APIs.`,
    mend: "Choose an identifier of your own, such as https://api.example.com/orders.",
  });
}

async function insertResource(write: Writer, input: CreateInput): Promise<Changed> {
  const { tx, tenantId, now } = write;
  const { workspaceId, identifier } = input;
  refuseImitation(write, identifier);
  const words = { name: input.name, description: input.description ?? "" };
  const [resource] = await naming(
    { resources_identifier: { code: "ALREADY_EXISTS", noun: "resource", path: ["identifier"], value: identifier } },
    tx
      .insert(resources)
      .values({ tenantId, workspaceId, id: newId("resource"), identifier, ...words, createdAt: now })
      .returning(),
  );
  if (!resource) throw new Error("an inserted resource was not returned");
  const rows = await insertScopes(tx, resource, input.scopes);
  return {
    id: resource.id,
    event: { type: "resource.created", resourceId: resource.id, identifier },
    workspaceId,
    touched: [
      touched(resource),
      ...rows.map(({ tenantId, ...scope }) => ({ kind: "scope", id: scope.id, workspaceId, body: scope })),
    ],
  };
}

const CreateResource: Operation<CreateInput, "resource:write"> = {
  mutation: "createResource",
  permission: "resource:write",
  input: createInput,
  locate: (read, input) => locateWorkspace(read, input.workspaceId, ["workspaceId"]),
  run: insertResource,
};

const locate = (read: Reader, input: { readonly id: string }) =>
  locateRow(read, resources, "resource", input.id, ["id"]);
const isResource = (write: Writer, id: string) => and(eq(resources.tenantId, write.tenantId), eq(resources.id, id));

const updateInput = z.strictObject({ id, name: name.nullish(), description: description.nullish() });

const UpdateResource: Operation<z.infer<typeof updateInput>, "resource:write"> = {
  mutation: "updateResource",
  permission: "resource:write",
  input: updateInput,
  locate,
  async run(write, input) {
    const { kind, ...before } = await editableResource(write, input.id, ["id"]);
    const words = { name: input.name ?? before.name, description: input.description ?? before.description };
    await write.tx.update(resources).set(words).where(isResource(write, input.id));
    const { id, identifier, workspaceId } = before;
    const event = { type: "resource.updated", resourceId: id, identifier } as const;
    return { id, event, workspaceId, touched: [touched({ ...before, ...words })] };
  },
};

const deleteInput = z.strictObject({ id });

const DeleteResource: Operation<z.infer<typeof deleteInput>, "resource:write"> = {
  mutation: "deleteResource",
  permission: "resource:write",
  input: deleteInput,
  locate,
  async run(write, input) {
    const { id, identifier, workspaceId } = await editableResource(write, input.id, ["id"]);
    // Its scopes, grants and resource servers go with it; for history, the resource's end is theirs.
    await write.tx.delete(resources).where(isResource(write, id));
    const event = { type: "resource.deleted", resourceId: id, identifier } as const;
    return { id, event, workspaceId, touched: [{ kind: "resource", id, workspaceId, body: null }] };
  },
};

/** Registers a protected API, with up to 200 scopes. Needs resource:write on the workspace. */
export const createResource = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateResource, raw);
/** Changes a resource's name or description; its identifier never changes. */
export const updateResource = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateResource, raw);
/** Deletes a resource with its scopes and all grants of them. */
export const deleteResource = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteResource, raw);

/** Each resource that is there and may be seen, in the order of the ids. */
export async function getResources(actor: Actor, ids: readonly string[]): Promise<readonly (Resource | undefined)[]> {
  const rows = await livingRows(readerOf(actor), resources, ids);
  const seen = new Map(
    rows.filter((row) => mayRead(actor, "resource:read", targetOf(row))).map((row) => [row.id, resourceOf(row)]),
  );
  return ids.map((id) => seen.get(id));
}

export async function getResource(actor: Actor, id: string): Promise<Resource | undefined> {
  const [resource] = await getResources(actor, [id]);
  return resource;
}

/** Part of a name or of an identifier, or a whole id. */
function matches(search: string): SQL | undefined {
  const pattern = containing(search);
  return or(ilike(resources.name, pattern), ilike(resources.identifier, pattern), eq(resources.id, search));
}

/** A workspace's resources, newest first; empty where they may not be seen. */
export async function listResources(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  filter: { readonly search?: string | null | undefined } = {},
): Promise<Page<Resource>> {
  const cut = newestFirst(resources, page);
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "resource:read", workspace)) return emptyPage;
  const inWorkspace = and(eq(resources.tenantId, read.tenantId), eq(resources.workspaceId, workspaceId));
  const rows = await read.tx
    .select()
    .from(resources)
    .where(and(inWorkspace, cut.after, filter.search ? matches(filter.search.replaceAll("\0", "")) : undefined))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(rows.map(resourceOf), cut);
}
