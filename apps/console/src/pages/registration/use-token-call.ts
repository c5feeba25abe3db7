import { useRef } from "react";
import type { CreateInitialAccessTokenInput } from "../../gql/graphql.ts";
import { isUncertain } from "../../reveal/use-secret-call.ts";
import type { Failure } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { mutationId } from "../../server/mutation-id.ts";
import { CreateInitialAccessToken, RevokeInitialAccessToken } from "./documents.ts";

export type NewToken = Omit<CreateInitialAccessTokenInput, "clientMutationId">;

/** What a call for a new token came to. */
export type TokenAnswer =
  | { readonly at: "made"; readonly value: string }
  /** Nothing came back: the same call is safe to repeat, another one would not be. */
  | { readonly at: "uncertain" }
  /** It works, and nobody saw its value. */
  | { readonly at: "lost"; readonly id: string; readonly failure?: Failure }
  | { readonly at: "refused"; readonly failures: readonly Failure[] };

/** Makes one token. A call is repeated under its own key, and unchanged, until an answer came. */
export function useTokenCall() {
  const create = useMutate(CreateInitialAccessToken);
  const revoke = useMutate(RevokeInitialAccessToken);
  const call = useRef<CreateInitialAccessTokenInput | undefined>(undefined);

  const make = async (input: NewToken): Promise<TokenAnswer> => {
    call.current ??= { ...input, clientMutationId: mutationId() };
    const done = await create(call.current);
    if (!done.ok && isUncertain(done.failures[0])) return { at: "uncertain" };
    call.current = undefined;
    if (done.ok && done.secret !== null) return { at: "made", value: done.secret };
    const id = done.payload?.initialAccessToken?.id;
    if (id !== undefined && (done.ok || done.failures[0].code === "ALREADY_SHOWN")) return { at: "lost", id };
    if (done.ok) throw new Error("a token was made without a value and without an id");
    return { at: "refused", failures: done.failures };
  };

  /** Revokes the token that nobody saw, then makes one in its place. */
  const replace = async (id: string, input: NewToken): Promise<TokenAnswer> => {
    const done = await revoke({ id });
    return done.ok ? make(input) : { at: "lost", id, failure: done.failures[0] };
  };

  return { make, replace };
}
