import type { ResultOf } from "@graphql-typed-document-node/core";
import { useRef } from "react";
import type { CreateTenantInput } from "../../gql/graphql.ts";
import { isUncertain } from "../../reveal/use-secret-call.ts";
import type { Failure } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { mutationId } from "../../server/mutation-id.ts";
import { CreateTenant, type NewAccess } from "./documents.ts";

/** What a call for a new tenant came to. */
export type TenantAnswer =
  | { readonly at: "made"; readonly access: NewAccess }
  /** Nothing came back: the same call is safe to repeat, another one would not be. */
  | { readonly at: "uncertain" }
  /** It is there, and nobody saw the ways in. */
  | { readonly at: "lost" }
  | { readonly at: "refused"; readonly failures: readonly Failure[] };

/** Makes one tenant. A call is repeated under its own key, and unchanged, until an answer came. */
export function useTenantCall(): (input: { name: string; slug: string }) => Promise<TenantAnswer> {
  const create = useMutate<ResultOf<typeof CreateTenant>, CreateTenantInput, NewAccess>(CreateTenant);
  const call = useRef<CreateTenantInput | undefined>(undefined);
  return async (input) => {
    call.current ??= { ...input, clientMutationId: mutationId() };
    const done = await create(call.current);
    if (!done.ok && isUncertain(done.failures[0])) return { at: "uncertain" };
    call.current = undefined;
    if (done.ok) return done.secret ? { at: "made", access: done.secret } : { at: "lost" };
    return done.failures[0].code === "ALREADY_SHOWN" ? { at: "lost" } : { at: "refused", failures: done.failures };
  };
}
