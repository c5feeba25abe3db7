import { useState } from "react";
import { list } from "../../format.ts";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { toast } from "../../ui/toast.tsx";
import { changedIn, type Draft, draftProblem, inputsOf } from "./settings-draft.ts";
import { words } from "./text.ts";

const updateClient = graphql(`
  mutation UpdateClient($input: UpdateClientInput!) {
    updateClient(input: $input) {
      client {
        id
        name
        description
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

const updateClientSettings = graphql(`
  mutation UpdateClientSettings($input: UpdateClientSettingsInput!) {
    updateClientSettings(input: $input) {
      client {
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

const LABEL: Readonly<Record<keyof Draft, string>> = {
  name: words.settings.name,
  description: words.settings.description,
  clientAuthenticationMethods: words.settings.methods,
  accessTokenLifetime: words.settings.lifetime,
  clientSecretLifetime: words.settings.secretLifetime,
  clientSecretLimit: words.settings.secretLimit,
};

const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

/** The form of a client's settings: what is staged against what the server has, and how saving went. */
export function useSettings(clientId: string, saved: Draft) {
  const [staged, setStaged] = useState<Partial<Draft>>({});
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const saveClient = useMutate(updateClient);
  const saveSettings = useMutate(updateClientSettings);
  const draft: Draft = { ...saved, ...staged };
  const changed = changedIn(saved, draft);
  const names = list(changed.map((member) => lower(LABEL[member])));

  const send = async (): Promise<readonly Failure[]> => {
    const wrong = draftProblem(draft);
    if (wrong) {
      const message = wrong.problem === "number" ? words.settings.whole : words.settings.oneMethod;
      return [{ code: "INVALID_INPUT", message, fix: "", path: [wrong.member] }];
    }
    const { client, settings } = inputsOf(saved, draft);
    if (client) {
      const done = await saveClient({ id: clientId, ...client });
      if (!done.ok) return done.failures;
    }
    if (settings) {
      const done = await saveSettings({ clientId, ...settings });
      if (!done.ok) return done.failures;
    }
    return [];
  };

  const save = async () => {
    setPending(true);
    const refused = await send();
    setPending(false);
    setFailures(refused);
    if (refused.length > 0) return;
    setStaged({});
    toast(words.settings.saved(names));
  };
  const general = failures.filter(({ path }) => !path.some((member) => member in LABEL));
  return {
    draft,
    set: (change: Partial<Draft>) => setStaged((before) => ({ ...before, ...change })),
    dirty: changed.length > 0,
    names,
    pending,
    save,
    discard: () => {
      setStaged({});
      setFailures([]);
    },
    /** What is wrong with one member, for under its field. */
    problem: (member: keyof Draft) =>
      problemOf(failures, member) ??
      failures.filter(({ path }) => path.includes(member)).map((failure) => sentence(failure))[0],
    /** What no field shows. */
    error: general.length > 0 ? general.map((failure) => sentence(failure)).join(" ") : undefined,
  };
}
