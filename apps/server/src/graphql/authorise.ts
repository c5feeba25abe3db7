import { type Permission, permissions } from "@mintmark/domain";
import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLEnumType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isObjectType,
} from "graphql";

/**
 * What a field needs. The domain decides; this says so in the schema, where people and the tests read it.
 * `permission` absent: every signed-in caller.
 */
export interface Authorisation {
  readonly permission?: Permission;
}

/** Marks a field, or every plain property of a type, with the permission that opens it. */
export const needs = (permission: Permission) => ({
  extensions: { authorise: { permission } satisfies Authorisation },
});

/** Marks what every signed-in caller may see. */
export const signedInOnly = { extensions: { authorise: {} satisfies Authorisation } };

/** Marks a type that only carries others (pages, payloads): what led to it has decided, and its parts decide for themselves. */
export const carrier = { extensions: { carrier: true } };

const api = new GraphQLEnumType({
  name: "Api",
  description: "Which of Mintmark's own two APIs an access token must be for.",
  values: { ADMIN: { value: "admin" }, SYSTEM: { value: "system" } },
});

export const authoriseDirective = new GraphQLDirective({
  name: "authorise",
  description:
    "The permission a field needs, and the API whose tokens open it. Without arguments: any signed-in caller.",
  locations: [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.OBJECT],
  args: { permission: { type: GraphQLString }, api: { type: api } },
});

type Field = GraphQLField<unknown, unknown>;

/** A field's annotation: its own, or, for a plain property, its type's. */
function authorisationOf(type: GraphQLObjectType, field: Field): Authorisation | undefined {
  const own = field.extensions["authorise"] as Authorisation | undefined;
  if (own) return own;
  const isPlain = !isObjectType(getNamedType(field.type));
  return isPlain ? (type.extensions["authorise"] as Authorisation | undefined) : undefined;
}

/** The API whose tokens open a permission. */
export const apiOf = (permission: Permission): "ADMIN" | "SYSTEM" =>
  permissions[permission].api === "admin" ? "ADMIN" : "SYSTEM";

/**
 * A field without an authorisation annotation does not build.
 *
 * @throws Error that names every such field
 */
export function requireAnnotations(schema: GraphQLSchema): GraphQLSchema {
  const bare = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith("__") && type.extensions["carrier"] !== true)
    .flatMap((type) => {
      const object = type as GraphQLObjectType;
      return Object.values(object.getFields())
        .filter((field) => authorisationOf(object, field) === undefined)
        .map((field) => `${object.name}.${field.name}`);
    });
  if (bare.length > 0)
    throw new Error(`These fields say no authorisation: ${bare.join(", ")}. Add needs("…:read") or its like.`);
  return schema;
}
