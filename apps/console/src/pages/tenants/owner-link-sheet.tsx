import { NewValueSheet } from "../../reveal/new-value-sheet.tsx";
import { useNewValue } from "../../reveal/use-new-value.ts";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { CreateTenantOwnerLink, type TenantRow } from "./documents.ts";
import { words } from "./text.ts";
import { useRevealAccess } from "./use-reveal-access.tsx";

const { ownerLink: say } = words;
const FIELDS: readonly string[] = [];

/** A new one ends the one before. */
const nothingToRevoke = async () => ({ ok: true }) as const;
const asBefore = async () => undefined;

/** Makes another link for the first owner of a tenant; then, in the same sheet, shows it once. */
export function OwnerLinkSheet({ tenant: { id, name }, onClose }: { tenant: TenantRow; onClose: () => void }) {
  const call = useValueCall(useMutate(CreateTenantOwnerLink), nothingToRevoke, (made) => made.tenant?.id);
  const { stage, failures, revealed, submit } = useNewValue(
    call,
    (ownerInvite) => ({ ownerInvite }),
    () => say.madeUnseen(name),
    asBefore,
  );
  const reveal = useRevealAccess(revealed, onClose);
  return (
    <NewValueSheet
      say={say.sheet}
      title={say.title(name)}
      stage={stage}
      failures={failures}
      fields={FIELDS}
      isTouched={false}
      reveal={revealed && { ...reveal, title: words.reveal.linkTitle(name) }}
      onSend={() => void submit({ id })}
      onClose={onClose}
    >
      <p>{say.body}</p>
    </NewValueSheet>
  );
}
