import { useRef, useState } from "react";
import type { CreateClientInput } from "../../gql/graphql.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { AnotherSecret, CreateClient, RevokeLostSecret } from "./documents.ts";

/** The client that was made, as much as the next page needs. */
interface Made {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
}

interface Lost extends Made {
  readonly secrets: readonly { readonly id: string }[];
}

/** Where creating stands. */
export type Stage =
  | { readonly at: "draft"; readonly failures: readonly Failure[]; readonly correlationId: string | undefined }
  | { readonly at: "sending" }
  /** Nothing came back: the same call is safe to repeat, another one would not be. */
  | { readonly at: "uncertain" }
  /** It exists with all its access; the answer with its secret got lost. */
  | { readonly at: "lost"; readonly client: Lost; readonly problem: string | undefined }
  | { readonly at: "made"; readonly client: Made; readonly secret: string | null };

export type NewClient = Omit<CreateClientInput, "clientMutationId">;

const start: Stage = { at: "draft", failures: [], correlationId: undefined };

/**
 * Creates a client with its access and first secret in one act of the server: all of it, or nothing. A call without an
 * answer is repeated under its own key; had it been done, the secret that nobody saw is replaced and revoked.
 */
export function useCreate() {
  const [stage, setStage] = useState<Stage>(start);
  const create = useMutate(CreateClient);
  const another = useMutate(AnotherSecret);
  const revoke = useMutate(RevokeLostSecret);
  const call = useRef<CreateClientInput | undefined>(undefined);

  const send = async (input: CreateClientInput) => {
    call.current = input;
    setStage({ at: "sending" });
    const done = await create(input);
    if (done.ok && done.payload.client)
      return setStage({ at: "made", client: done.payload.client, secret: done.secret });
    if (done.ok) return setStage(start);
    const [failure] = done.failures;
    const client = done.payload?.client;
    if (failure.code === "ALREADY_SHOWN" && client)
      return setStage({ at: "lost", client: { ...client, secrets: client.secrets ?? [] }, problem: undefined });
    if (failure.code === "UNREACHABLE") return setStage({ at: "uncertain" });
    setStage({ at: "draft", failures: done.failures, correlationId: done.correlationId });
  };

  const replaceSecret = async (client: Lost) => {
    setStage({ at: "sending" });
    const done = await another({ clientId: client.id, expiresAt: call.current?.secret?.expiresAt ?? null });
    if (!done.ok) return setStage({ at: "lost", client, problem: sentence(done.failures[0]) });
    for (const { id } of client.secrets) await revoke({ id });
    setStage({ at: "made", client, secret: done.secret });
  };

  return {
    stage,
    submit: (input: NewClient) => send({ ...input, clientMutationId: crypto.randomUUID() }),
    retry: () => call.current && send(call.current),
    replaceSecret,
    /** Drops what was made from memory, its secret too. */
    forget: () => setStage(start),
  };
}
