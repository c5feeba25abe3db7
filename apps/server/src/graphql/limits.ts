import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/** Tokens of a document at most: graphql-js would overflow its stack on deep nesting, so they are bound before parsing. */
export const TOKEN_LIMIT = 2_000;

const ALIASES = 60;
const DIRECTIVES = 30;
const ROOT_FIELDS = 30;
/** Spreads of spreads multiply: n of them come to at most 3^(n/3) fields. */
const FRAGMENTS = 24;

/**
 * Bounds what a document repeats. A field's cost and the depth are counted where the arguments are known
 * (`operationLimits` in builder.ts).
 */
export function documentLimits(context: ValidationContext): ASTVisitor {
  const counts = new Map<string, number>();
  const count = (what: string, limit: number) => {
    const seen = (counts.get(what) ?? 0) + 1;
    counts.set(what, seen);
    if (seen === limit + 1)
      context.reportError(new GraphQLError(`A document has at most ${limit} ${what}. Send several smaller ones.`));
  };
  return {
    Field(node, _key, _parent, path) {
      if (node.alias) count("aliases", ALIASES);
      // definitions → index → selectionSet → selections → index: a field right below the operation.
      if (path.length === 5) count("top-level fields", ROOT_FIELDS);
    },
    Directive: () => count("directives", DIRECTIVES),
    FragmentSpread: () => count("fragment spreads", FRAGMENTS),
    OperationDefinition: () => count("operations", 10),
  };
}
