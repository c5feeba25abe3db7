import { useRef } from "react";
import type { Failure } from "../server/ask.ts";
import { mutationId } from "../server/mutation-id.ts";
import { isUncertain } from "./use-secret-call.ts";

/** What a call for a new value came to. */
export type ValueAnswer<Payload> =
  | { readonly at: "made"; readonly value: string; readonly payload: Payload }
  /** Nothing came back: the same call is safe to repeat, another one would not be. */
  | { readonly at: "uncertain" }
  /** It works, and nobody saw its value. */
  | { readonly at: "lost"; readonly id: string; readonly failure?: Failure }
  | { readonly at: "refused"; readonly failures: readonly Failure[] };

type Refused = { readonly ok: false; readonly failures: readonly [Failure, ...Failure[]] };
type Done<Payload> =
  | { readonly ok: true; readonly payload: Payload; readonly secret: string | null }
  | (Refused & { readonly payload?: Payload | undefined });

interface Repeatable {
  readonly clientMutationId?: string | null | undefined;
}

export interface ValueCall<Input, Payload> {
  /** A call is repeated under its own key, and unchanged, until an answer came. */
  readonly make: (input: Input) => Promise<ValueAnswer<Payload>>;
  /** Revokes what nobody saw, then makes one in its place. */
  readonly replace: (id: string, input: Input) => Promise<ValueAnswer<Payload>>;
}

/**
 * Makes one thing whose value is shown once.
 *
 * @param idOf what the payload says was made
 */
export function useValueCall<Input extends Repeatable, Payload>(
  create: (input: Input) => Promise<Done<Payload>>,
  revoke: (input: { id: string }) => Promise<{ readonly ok: true } | Refused>,
  idOf: (payload: Payload) => string | undefined,
): ValueCall<Input, Payload> {
  const call = useRef<Input | undefined>(undefined);

  const make = async (input: Input): Promise<ValueAnswer<Payload>> => {
    call.current ??= { ...input, clientMutationId: mutationId() };
    const done = await create(call.current);
    if (!done.ok && isUncertain(done.failures[0])) return { at: "uncertain" };
    call.current = undefined;
    if (done.ok && done.secret !== null) return { at: "made", value: done.secret, payload: done.payload };
    const id = done.payload && idOf(done.payload);
    if (id !== undefined && (done.ok || done.failures[0].code === "ALREADY_SHOWN")) return { at: "lost", id };
    if (done.ok) throw new Error("it was made without a value and without an id");
    return { at: "refused", failures: done.failures };
  };

  const replace = async (id: string, input: Input): Promise<ValueAnswer<Payload>> => {
    const done = await revoke({ id });
    return done.ok ? make(input) : { at: "lost", id, failure: done.failures[0] };
  };

  return { make, replace };
}
