import { useNewValue } from "../../reveal/use-new-value.ts";
import { type RevealedValue, useRevealValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { CreateWebhook, DeleteWebhook, RotateWebhookSecret } from "./documents.ts";
import { snippetsOf } from "./snippets.ts";
import { words } from "./text.ts";

const shown = (name: string, value: string): RevealedValue => ({
  name,
  value,
  others: [],
  snippets: snippetsOf(value),
});

/** Makes a webhook until its secret is there; one whose secret nobody saw is deleted first. */
export function useNewWebhook(onMade: () => Promise<void>, onClose: () => void) {
  const call = useValueCall(useMutate(CreateWebhook), useMutate(DeleteWebhook), (made) => made.webhook?.id);
  const value = useNewValue(
    call,
    (secret, { name }) => shown(name, secret),
    ({ name }) => words.sheet.madeUnseen(name),
    onMade,
  );
  return { ...value, reveal: useRevealValue(value.revealed, words.reveal, onClose) };
}

/** The one before signs for a day: a secret that nobody saw is in nobody's way. */
const nothingToRevoke = async () => ({ ok: true }) as const;

/** Makes a new secret of a webhook until it is there. */
export function useNewSecret(name: string, onMade: () => Promise<void>, onClose: () => void) {
  const call = useValueCall(useMutate(RotateWebhookSecret), nothingToRevoke, (made) => made.webhook?.id);
  const value = useNewValue(
    call,
    (secret) => shown(name, secret),
    () => words.renew.madeUnseen(name),
    onMade,
  );
  return { ...value, reveal: useRevealValue(value.revealed, words.reveal, onClose) };
}
