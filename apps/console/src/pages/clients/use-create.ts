import { useRef, useState } from "react";
import type { CreateClientInput } from "../../gql/graphql.ts";
import { useIsLeft } from "../../reveal/use-is-left.ts";
import { isUncertain, useSecretCall } from "../../reveal/use-secret-call.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { mutationId } from "../../server/mutation-id.ts";
import { toast } from "../../ui/toast.tsx";
import { CreateClient } from "./documents.ts";
import { createWords as words } from "./text.ts";

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
 * answer is repeated under its own key; had it been done, the secret that nobody saw is revoked and replaced.
 */
export function useCreate() {
  const [stage, setStage] = useState<Stage>(start);
  const create = useMutate(CreateClient);
  const secrets = useSecretCall();
  const isLeft = useIsLeft();
  const call = useRef<CreateClientInput | undefined>(undefined);

  const made = (client: Made, secret: string | null) => {
    if (isLeft.current) toast(words.madeUnseen(client.name));
    else setStage({ at: "made", client, secret });
  };

  const send = async (input: CreateClientInput) => {
    call.current = input;
    setStage({ at: "sending" });
    const done = await create(input);
    if (done.ok && done.payload.client) return made(done.payload.client, done.secret);
    if (done.ok) return setStage(start);
    const [failure] = done.failures;
    const client = done.payload?.client;
    if (failure.code === "ALREADY_SHOWN" && client)
      return setStage({
        at: "lost",
        client: { ...client, secrets: client.credentials?.nodes ?? [] },
        problem: undefined,
      });
    if (isUncertain(failure)) return setStage({ at: "uncertain" });
    setStage({ at: "draft", failures: done.failures, correlationId: done.correlationId });
  };

  const replaceSecret = async (client: Lost) => {
    setStage({ at: "sending" });
    const ids = client.secrets.map(({ id }) => id);
    const done = await secrets.replace(ids, {
      clientId: client.id,
      expiresAt: call.current?.secret?.expiresAt ?? null,
    });
    if (done.at === "made") return made(client, done.secret);
    const failure = done.at === "refused" ? done.failures[0] : done.failure;
    const lost = done.at === "lost" ? { ...client, secrets: done.ids.map((id) => ({ id })) } : client;
    setStage({ at: "lost", client: lost, problem: failure && sentence(failure) });
  };

  return {
    stage,
    submit: (input: NewClient) => send({ ...input, clientMutationId: mutationId() }),
    retry: () => call.current && send(call.current),
    replaceSecret,
    /** Drops what was made from memory, its secret too. */
    forget: () => setStage(start),
  };
}
