import { readFileSync } from "node:fs";
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isScalarType,
} from "graphql";

/** The printed contract: the suites are generated from it, so that what is new has no test until it has a case. */
const schema = buildSchema(readFileSync(new URL("../../apps/server/schema.graphql", import.meta.url), "utf8"));

/** Where a value stands in a field's arguments; `*` is each item of a list. */
export type Path = readonly string[];

/** An argument, or a member of an input. */
export interface Slot {
  readonly path: Path;
  /** The named type, without lists and exclamation marks. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
}

/** A field that somebody can ask for. */
export interface Operation {
  /** `createClient` for a mutation, `Workspace.clients` for a field. */
  readonly name: string;
  readonly parent: string;
  readonly field: string;
  readonly permission: string | undefined;
  /** Whether it says who may, rather than leaving that to the type that it stands on. */
  readonly isAnnotated: boolean;
  readonly api: "ADMIN" | "SYSTEM" | undefined;
  readonly slots: readonly Slot[];
  readonly type: GraphQLNamedType;
}

function slotsOf(type: GraphQLInputType, path: Path, isRequired: boolean): Slot[] {
  const named = getNamedType(type);
  const isList = isListType(isNonNullType(type) ? type.ofType : type);
  const here = isList ? [...path, "*"] : path;
  if (!isInputObjectType(named)) return [{ path: here, type: named.name, isRequired, isList }];
  const members = Object.values(named.getFields()).flatMap((member) =>
    slotsOf(member.type, [...here, member.name], isNonNullType(member.type)),
  );
  return isList ? [{ path: here, type: named.name, isRequired, isList }, ...members] : members;
}

function operationOf(parent: string, field: GraphQLField<unknown, unknown>): Operation {
  const directive = field.astNode?.directives?.find(({ name }) => name.value === "authorise");
  const argument = (name: string) => {
    const value = directive?.arguments?.find((given) => given.name.value === name)?.value;
    return value && "value" in value ? String(value.value) : undefined;
  };
  return {
    name: parent === "Mutation" ? field.name : `${parent}.${field.name}`,
    parent,
    field: field.name,
    permission: argument("permission"),
    isAnnotated: directive !== undefined,
    api: argument("api") as Operation["api"],
    slots: field.args.flatMap((given) => slotsOf(given.type, [given.name], isNonNullType(given.type))),
    type: getNamedType(field.type as GraphQLOutputType),
  };
}

const fieldsOf = (typeName: string): Operation[] => {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).map((field) => operationOf(typeName, field));
};

/** What no token does, only a person who is signed in, and with their own things: tested with those. */
export const ofPersons: readonly string[] = [
  "createPersonalClient",
  "createPersonalToken",
  "renewPersonalClient",
  "revokePersonalClient",
  "revokePersonalToken",
  "updateOwnName",
  "updatePersonalToken",
];

export const mutations: readonly Operation[] = fieldsOf("Mutation").filter(({ name }) => !ofPersons.includes(name));
export const queries: readonly Operation[] = fieldsOf("Query");
export const subscriptions: readonly Operation[] = fieldsOf("Subscription");

/** Fields of objects that take arguments, or say themselves who may. */
export const nestedFields: readonly Operation[] = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !/^(__.*|Query|Mutation|Subscription)$/.test(type.name))
  .flatMap((type) => fieldsOf(type.name))
  .filter(({ slots, isAnnotated }) => slots.length > 0 || isAnnotated);

/** The names of all custom scalars. */
export const customScalars: readonly string[] = Object.values(schema.getTypeMap())
  .filter((type) => isScalarType(type) && !["String", "Int", "Float", "Boolean", "ID"].includes(type.name))
  .map((type) => type.name)
  .sort();

/** Every field of a type that needs no argument, `depth` objects deep, as a selection. */
export function selectionOf(type: GraphQLNamedType, depth = 2): string {
  if (!isObjectType(type) && !isInterfaceType(type)) return "";
  const parts = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const named = getNamedType(field.type as GraphQLOutputType);
    if (!isObjectType(named) && !isInterfaceType(named)) return [field.name];
    // A list inside a list is cut short: what it may cost is counted before it runs.
    const few = field.args.some(({ name }) => name === "first") ? "(first: 2)" : "";
    return depth === 0 ? [] : [`${field.name}${few} ${selectionOf(named, depth - 1)}`];
  });
  return `{ __typename ${parts.join(" ")} }`;
}

/** A copy of `value` with what stands at `path` replaced; `*` replaces a list's first item. */
export function withValue(value: unknown, path: Path, put: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return put;
  if (head === "*") {
    const [first, ...others] = Array.isArray(value) ? value : [undefined];
    return [withValue(first, rest, put), ...others];
  }
  const members = (value ?? {}) as Record<string, unknown>;
  return { ...members, [head]: withValue(members[head], rest, put) };
}

/** What stands at `path`. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      step === "*"
        ? Array.isArray(at)
          ? at[0]
          : undefined
        : (at as Record<string, unknown> | null | undefined)?.[step],
    value,
  );
}
