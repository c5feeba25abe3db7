import { GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { describe, expect, it } from "vitest";
import { carrier, needs, requireAnnotations, signedInOnly } from "./authorise.ts";

const schemaWith = (thing: object, field: object) => {
  const Thing = new GraphQLObjectType({ name: "Thing", fields: { name: { type: GraphQLString } }, ...thing });
  const query = new GraphQLObjectType({ name: "Query", fields: { thing: { type: Thing, ...field } } });
  return new GraphQLSchema({ query });
};

describe("requireAnnotations", () => {
  it("accepts a field with its own, and properties with their type's", () => {
    expect(() => requireAnnotations(schemaWith(needs("client:read"), signedInOnly))).not.toThrow();
    expect(() => requireAnnotations(schemaWith(carrier, needs("client:read")))).not.toThrow();
  });

  it("does not build a field without one, and names it", () => {
    expect(() => requireAnnotations(schemaWith(needs("client:read"), {}))).toThrow("Query.thing");
    expect(() => requireAnnotations(schemaWith({}, signedInOnly))).toThrow("Thing.name");
  });
});
