import { useCallback } from "react";
import type { Client, TypedDocumentNode } from "urql";
import { useClient } from "urql";
import { regainSession } from "../session/regain.ts";
import { askStepUp } from "../session/step-up-request.ts";
import type { Failure } from "./ask.ts";
import { mutationId } from "./mutation-id.ts";
import { collectShownOnce } from "./shown-once.ts";
import { trouble } from "./trouble.ts";

/** The payload of a mutation without its errors. */
type Payload<Data> = Omit<NonNullable<Data[Exclude<keyof Data, "__typename">]>, "userErrors" | "secret">;

/** A change that was made, or why it was not. `secret` is here and nowhere else: hold it in one variable, drop it on close. */
export type Outcome<Data, Secret = string> =
  | { readonly ok: true; readonly payload: Payload<Data>; readonly secret: Secret | null }
  | {
      readonly ok: false;
      readonly failures: readonly [Failure, ...Failure[]];
      readonly correlationId: string | undefined;
      /** What came along with the errors: an act that was done before (ALREADY_SHOWN) says what it made. */
      readonly payload?: Payload<Data> | undefined;
    };

interface Input {
  clientMutationId?: string | null | undefined;
}

/** Makes a change in the tenant of that client, as `useMutate` does. */
export async function mutateAt<Data, Of extends Input, Secret>(
  client: Client,
  document: TypedDocumentNode<Data, { input: Of }>,
  input: Of,
): Promise<Outcome<Data, Secret>> {
  for (;;) {
    const variables = { input: { ...input, clientMutationId: input.clientMutationId ?? mutationId() } };
    const result = await client.mutation(document, variables).toPromise();
    const secret = collectShownOnce(result.operation.key) as Secret | null;
    if (result.error) {
      const { failure, correlationId } = trouble(result.error);
      if (failure.code === "UNAUTHENTICATED" && (await regainSession())) continue;
      return { ok: false, failures: [failure], correlationId };
    }
    const [payload] = Object.values(result.data ?? {}) as ({ userErrors?: Failure[] } | undefined)[];
    const [first, ...rest] = payload?.userErrors ?? [];
    if (!first) return { ok: true, payload: payload as Payload<Data>, secret };
    if (first.code === "STEP_UP_NEEDED" && (await askStepUp())) continue;
    return { ok: false, failures: [first, ...rest], correlationId: undefined, payload: payload as Payload<Data> };
  }
}

/**
 * Makes a change through the public schema, for documents of the shape `mutation ($input: XInput!) { verbNoun(input: $input) {…} }`.
 * Adds the key that makes repeating safe (or keeps the caller's own), asks for a step-up where the server wants one and then repeats. Never throws.
 */
export function useMutate<Data, Of extends Input, Secret = string>(
  document: TypedDocumentNode<Data, { input: Of }>,
): (input: Of) => Promise<Outcome<Data, Secret>> {
  const client = useClient();
  return useCallback((input) => mutateAt(client, document, input), [client, document]);
}
