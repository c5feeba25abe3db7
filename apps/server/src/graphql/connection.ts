import { DEFAULT_PAGE, type Page, type PageRequest } from "@mintmark/domain";
import type { ArgBuilder, InterfaceRef, ObjectRef } from "@pothos/core";
import { carrier } from "./authorise.ts";
import { builder, type Types } from "./builder.ts";

const PageInfo = builder.objectRef<Page<unknown>>("PageInfo");
PageInfo.implement({
  description: "Where a page of a list begins and ends (Relay cursor connections). Lists go forward only.",
  ...carrier,
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNextPage"),
    hasPreviousPage: t.boolean({ description: "Always false: lists go forward only.", resolve: () => false }),
    startCursor: t.field({ type: "Cursor", nullable: true, resolve: (page) => page.cursors[0] }),
    endCursor: t.field({ type: "Cursor", nullable: true, resolve: (page) => page.endCursor }),
  }),
});

interface Edge<T> {
  readonly node: T;
  readonly cursor: string;
}

const edgesOf = <T>({ items, cursors }: Page<T>): Edge<T>[] =>
  items.map((node, at) => ({ node, cursor: cursors[at] ?? "" }));

/** A Relay connection of that type, newest first. Its cost is counted where `first` is known. */
export function connectionOf<T, P extends Page<T> = Page<T>>(
  name: string,
  node: ObjectRef<Types, T> | InterfaceRef<Types, T>,
): ObjectRef<Types, P> {
  const edge = builder.objectRef<Edge<T>>(`${name}Edge`);
  edge.implement({
    ...carrier,
    fields: (t) => ({
      cursor: t.field({ type: "Cursor", resolve: (parent) => parent.cursor }),
      node: t.field({ type: node, resolve: (parent) => parent.node as never }),
    }),
  });
  const connection = builder.objectRef<P>(`${name}Connection`);
  connection.implement({
    ...carrier,
    fields: (t) => ({
      edges: t.field({ type: [edge], complexity: { field: 1, multiplier: 1 }, resolve: edgesOf }),
      nodes: t.field({
        type: [node],
        complexity: { field: 1, multiplier: 1 },
        resolve: (page) => [...page.items] as never,
      }),
      pageInfo: t.field({ type: PageInfo, resolve: (page) => page }),
    }),
  });
  return connection;
}

/** The arguments of every list that has pages. */
export const pageArgs = (arg: ArgBuilder<Types>) => ({
  first: arg.int({ description: `How many at most, 1-100; ${DEFAULT_PAGE} when left out.` }),
  after: arg({ type: "Cursor", description: "The endCursor of the page before." }),
});

interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export const pageOf = ({ first, after }: PageArgs): PageRequest => ({
  first: first ?? DEFAULT_PAGE,
  after: after ?? undefined,
});

/** A page costs as many times its content as it may have things. */
export const perPage = ({ first }: PageArgs) => ({
  field: 1,
  multiplier: Math.min(Math.max(first ?? DEFAULT_PAGE, 1), 100),
});
