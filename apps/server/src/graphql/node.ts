import { type Actor, type Noun, nounOf } from "@mintmark/domain";
import { signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";

type Load = (actor: Actor, id: string) => Promise<object | undefined>;

const nodes = new Map<Noun, { readonly type: string; readonly load: Load }>();

/** Everything with an id of its own. Ids name their kind by their prefix. */
export const Node = builder.interfaceRef<{ readonly id: string }>("Node");
Node.implement({
  description: "Everything that has an id.",
  resolveType: ({ id }) => nodeTypeOf(id),
  fields: (t) => ({ id: t.exposeID("id") }),
});

/** The GraphQL type of what has that id. */
export const nodeTypeOf = (id: string): string | undefined => {
  const noun = nounOf(id);
  return noun && nodes.get(noun)?.type;
};

/** Lets `node(id)` find things of that kind; `load` answers `undefined` for what the caller may not see. */
export const registerNode = (noun: Noun, type: string, load: Load) => nodes.set(noun, { type, load });

builder.queryField("node", (t) =>
  t.field({
    ...signedInOnly,
    description: "Any thing by its id; null when there is none that you may see.",
    type: Node,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { actor }) => loadNode(actor, id),
  }),
);

async function loadNode(actor: Actor, id: string): Promise<{ readonly id: string } | undefined> {
  const noun = nounOf(id);
  const found = noun && (await nodes.get(noun)?.load(actor, id));
  return found as { readonly id: string } | undefined;
}
