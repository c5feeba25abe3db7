import type { ResultOf } from "@graphql-typed-document-node/core";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { trouble } from "../../server/trouble.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { TokenClientQuery } from "./documents.ts";
import { words } from "./text.ts";

type Found = Extract<NonNullable<ResultOf<typeof TokenClientQuery>["node"]>, { __typename: "Client" }>;

/** Draws a sheet that needs a token's client, once that is here; it stays while the client is refreshed behind it. */
export function WithClient({
  id,
  title,
  onClose,
  children,
}: {
  id: string;
  title: string;
  onClose: () => void;
  children: (client: Found) => ReactNode;
}) {
  const [{ data, error }] = useQuery({ query: TokenClientQuery, variables: { id } });
  if (data?.node?.__typename === "Client") return children(data.node);
  const failed = error && trouble(error).failure;
  return (
    <Sheet open title={title} onClose={onClose}>
      {failed || data ? (
        <ErrorState what={words.peek.failed} why={failed?.message} todo={failed?.fix} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Sheet>
  );
}
