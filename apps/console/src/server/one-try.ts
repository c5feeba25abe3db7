import { useRef } from "react";
import type { TypedDocumentNode } from "urql";
import { isUncertain } from "../reveal/use-secret-call.ts";
import { type Outcome, useMutate } from "./mutate.ts";
import { mutationId } from "./mutation-id.ts";

/** A form as it was sent, without an answer so far. */
export interface Try {
  readonly form: string;
  readonly clientMutationId: string;
}

/** Pure: the try that a form goes with: the one before, while it is filled in as it was then and was not answered. */
export function tryOf(before: Try | undefined, input: object, fresh: () => string): Try {
  const form = JSON.stringify(input);
  return before?.form === form ? before : { form, clientMutationId: fresh() };
}

/** `useMutate` for what is made once: sent again after no answer came, the same form finds what it made, and makes no second one. */
export function useOneTry<Data, Of extends object>(
  document: TypedDocumentNode<Data, { input: Of & { clientMutationId?: string | null } }>,
): (input: Of) => Promise<Outcome<Data>> {
  const run = useMutate(document);
  const last = useRef<Try>(undefined);
  return async (input) => {
    const own = tryOf(last.current, input, mutationId);
    last.current = own;
    const done = await run({ ...input, clientMutationId: own.clientMutationId });
    if (done.ok || !isUncertain(done.failures[0])) last.current = undefined;
    return done;
  };
}
