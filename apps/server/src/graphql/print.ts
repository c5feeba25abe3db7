import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
} from "graphql";
import { type Authorisation, apiOf } from "./authorise.ts";

/** The schema as it is committed: sorted, each field with what it needs. graphql-js prints no applied directives itself. */
export function printWithAuthorisation(schema: GraphQLSchema): string {
  const document = parse(printSchema(lexicographicSortSchema(schema)));
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
    const type = schema.getType(definition.name.value);
    return isObjectType(type) ? annotated(definition, type) : definition;
  });
  return `${print({ ...document, definitions })}\n`;
}

function annotated(definition: ObjectTypeDefinitionNode, type: GraphQLObjectType): ObjectTypeDefinitionNode {
  const fields = definition.fields?.map((field): FieldDefinitionNode => {
    const own = type.getFields()[field.name.value]?.extensions["authorise"] as Authorisation | undefined;
    return own ? { ...field, directives: [directive(own)] } : field;
  });
  const whole = type.extensions["authorise"] as Authorisation | undefined;
  return { ...definition, ...(fields && { fields }), ...(whole && { directives: [directive(whole)] }) };
}

function directive({ permission }: Authorisation): ConstDirectiveNode {
  const text = permission ? `@authorise(permission: "${permission}", api: ${apiOf(permission)})` : "@authorise";
  const [first] = parse(`type T ${text}`, { noLocation: true }).definitions;
  const [node] = first?.kind === Kind.OBJECT_TYPE_DEFINITION ? (first.directives ?? []) : [];
  if (!node) throw new Error(`${text} is no directive`);
  return node;
}
