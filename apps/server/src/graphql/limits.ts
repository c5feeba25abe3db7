import {
  type ASTNode,
  type ASTVisitor,
  GraphQLError,
  Kind,
  Lexer,
  Source,
  TokenKind,
  type ValidationContext,
} from "graphql";

const TOKENS = 2_000;
/** Levels of brackets in a document, and of objects and lists in its variables: both are walked recursively later. */
const LEVELS = 64;
const ALIASES = 60;
const DIRECTIVES = 30;
const ROOT_FIELDS = 30;
const ROOT_TYPES: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);
/** Spreads of spreads multiply: n of them come to at most 3^(n/3) fields. */
const FRAGMENTS = 24;
const OPERATIONS = 10;

const steps: Readonly<Partial<Record<string, number>>> = {
  [TokenKind.BRACE_L]: 1,
  [TokenKind.BRACKET_L]: 1,
  [TokenKind.PAREN_L]: 1,
  [TokenKind.BRACE_R]: -1,
  [TokenKind.BRACKET_R]: -1,
  [TokenKind.PAREN_R]: -1,
};

/**
 * Bounds a document's tokens and nesting before it is parsed: the parser recurses and would overflow its stack.
 *
 * @throws GraphQLError
 */
export function boundSource(text: string): void {
  const lexer = new Lexer(new Source(text));
  let level = 0;
  for (let tokens = 0; lexer.advance().kind !== TokenKind.EOF; tokens++) {
    level += steps[lexer.token.kind] ?? 0;
    if (tokens >= TOKENS) throw tooMuch(`${TOKENS} tokens`);
    if (level > LEVELS) throw tooMuch(`${LEVELS} levels`);
  }
}

const tooMuch = (limit: string) => new GraphQLError(`A document has at most ${limit}. Send several smaller ones.`);

/** Whether a parsed JSON value is nested so deeply that walking it recursively would be a risk. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LEVELS) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** Whether a definition's fields are what an operation begins with; those of a client, say, stand below one of these. */
const isOfRoot = (definition: ASTNode | readonly ASTNode[] | undefined): boolean =>
  definition !== undefined &&
  "kind" in definition &&
  (definition.kind !== Kind.FRAGMENT_DEFINITION || ROOT_TYPES.has(definition.typeCondition.name.value));

/**
 * Bounds what a document repeats. A field's cost and the depth are counted where the arguments are known
 * (the complexity plugin, in builder.ts).
 */
export function documentLimits(context: ValidationContext): ASTVisitor {
  const counts = new Map<string, number>();
  const count = (what: string, limit: number) => {
    const seen = (counts.get(what) ?? 0) + 1;
    counts.set(what, seen);
    if (seen === limit + 1) context.reportError(tooMuch(`${limit} ${what}`));
  };
  return {
    Field(node, _key, _parent, path, ancestors) {
      if (node.alias) count("aliases", ALIASES);
      // definitions → index → selectionSet → selections → index: a field right below an operation or a fragment.
      if (path.length === 5 && isOfRoot(ancestors[2])) count("top-level fields", ROOT_FIELDS);
    },
    Directive: () => count("directives", DIRECTIVES),
    FragmentSpread: () => count("fragment spreads", FRAGMENTS),
    OperationDefinition: () => count("operations", OPERATIONS),
  };
}
