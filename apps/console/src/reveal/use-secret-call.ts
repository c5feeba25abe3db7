import { useRef } from "react";
import type { CreateClientSecretInput } from "../gql/graphql.ts";
import type { Failure } from "../server/ask.ts";
import { graphql } from "../server/document.ts";
import { useMutate } from "../server/mutate.ts";
import { mutationId } from "../server/mutation-id.ts";

const CreateClientSecret = graphql(`
  mutation CreateClientSecret($input: CreateClientSecretInput!) {
    createClientSecret(input: $input) {
      clientSecret {
        id
      }
      secret
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

const RotateClientSecret = graphql(`
  mutation RotateClientSecret($input: RotateClientSecretInput!) {
    rotateClientSecret(input: $input) {
      clientSecret {
        id
      }
      secret
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

const RevokeLostSecret = graphql(`
  mutation RevokeLostSecret($input: RevokeClientSecretInput!) {
    revokeClientSecret(input: $input) {
      clientSecret {
        id
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export type NewSecret = Omit<CreateClientSecretInput, "clientMutationId"> & {
  /** How the secret ends which it takes over from; left out: as the settings say. */
  readonly overlap?: { readonly seconds: number } | { readonly endNow: true; readonly withTokens: boolean } | undefined;
};

/** What a call for a new secret came to. */
export type SecretAnswer =
  | { readonly at: "made"; readonly secret: string }
  /** Nothing came back: the same call is safe to repeat, another one would not be. */
  | { readonly at: "uncertain"; readonly failure: Failure }
  /** These secrets work, and nobody saw them. */
  | { readonly at: "lost"; readonly ids: readonly string[]; readonly failure?: Failure }
  | { readonly at: "refused"; readonly failures: readonly [Failure, ...Failure[]] };

/** Whether the act may have been done all the same. */
export const isUncertain = ({ code }: Failure): boolean => ["UNREACHABLE", "UNAVAILABLE", "INTERNAL"].includes(code);

/** Makes one secret for a client, or the successor of its secret `rotates`. A call is repeated under its own key, and unchanged, until an answer came. */
export function useSecretCall(rotates?: string) {
  const create = useMutate(CreateClientSecret);
  const rotate = useMutate(RotateClientSecret);
  const revoke = useMutate(RevokeLostSecret);
  const call = useRef<(NewSecret & { clientMutationId: string }) | undefined>(undefined);

  const make = async (input: NewSecret): Promise<SecretAnswer> => {
    call.current ??= { ...input, clientMutationId: mutationId() };
    const { clientId, overlap, ...said } = call.current;
    const ending = overlap && "seconds" in overlap ? { overlap: overlap.seconds } : overlap;
    const done = await (rotates === undefined
      ? create({ clientId, ...said })
      : rotate({ id: rotates, ...ending, ...said }));
    if (!done.ok && isUncertain(done.failures[0])) return { at: "uncertain", failure: done.failures[0] };
    call.current = undefined;
    if (done.ok && done.secret !== null) return { at: "made", secret: done.secret };
    const id = done.payload?.clientSecret?.id;
    if (id !== undefined && (done.ok || done.failures[0].code === "ALREADY_SHOWN")) return { at: "lost", ids: [id] };
    if (done.ok) throw new Error("a secret was made without a value and without an id");
    return { at: "refused", failures: done.failures };
  };

  /** Revokes the secrets that nobody saw, then makes one in their place. While one of them works, none is made. */
  const replace = async (ids: readonly string[], input: NewSecret): Promise<SecretAnswer> => {
    for (const id of ids) {
      const done = await revoke({ id });
      if (!done.ok) return { at: "lost", ids, failure: done.failures[0] };
    }
    return make(input);
  };

  return { make, replace };
}
