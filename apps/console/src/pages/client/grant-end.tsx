import { useState } from "react";
import { ago, instantInZone } from "../../format.ts";
import { usePreferences } from "../../preferences.ts";
import { type Failure, problemOf, sentence, wrongHere } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Expiry, expiryWrong, instantOf, NO_CEILING } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import type { Grant } from "./access-changes.ts";
import { setClientGrant } from "./documents.ts";
import { words } from "./text.ts";

interface GrantEndProps {
  clientId: string;
  api: { readonly id: string; readonly name: string };
  grant: Grant;
}

/** As a date field has it, here. */
function dayOf(instant: string): string {
  const at = new Date(instant);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** Until when a client may ask for something of an API; whoever may change it presses it. */
export function GrantEnd({ locked, ...of }: GrantEndProps & { locked: boolean }) {
  const [open, setOpen] = useState(false);
  const { access } = words;
  const { zone } = usePreferences();
  const now = useNow(60_000);
  const { expiresAt } = of.grant;
  const said = expiresAt ? `${access.ends} ${ago(Date.parse(expiresAt), now, zone)}` : access.endless;
  if (locked) return expiresAt && <span className="small muted num">{said}</span>;
  return (
    <>
      <Button
        size="compact"
        icon="clock"
        variant="quiet"
        aria-label={`${said}: ${access.end(of.api.name)}`}
        onPress={() => setOpen(true)}
      >
        {said}
      </Button>
      {open && <EndSheet {...of} onClose={() => setOpen(false)} />}
    </>
  );
}

function EndSheet({ clientId, api, grant, onClose }: GrantEndProps & { onClose: () => void }) {
  const { access } = words;
  const { zone } = usePreferences();
  const before = grant.expiresAt ?? null;
  const [expiry, setExpiry] = useState<Expiry>(
    before === null ? { preset: "30", day: "" } : { preset: "date", day: dayOf(before) },
  );
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const set = useMutate(setClientGrant);
  const grantUntil = (expiresAt: string | null, expectedExpiresAt: string | null) => {
    const scopes = [...grant.scopes];
    return set({ clientId, resourceId: api.id, scopes, expectedScopes: scopes, expiresAt, expectedExpiresAt });
  };
  const submit = async () => {
    const now = Date.now();
    const wrong = expiryWrong(expiry, NO_CEILING, now);
    if (wrong) return setFailures([wrongHere(wrong, "expiresAt")]);
    // The day that stood there is the end that was set, not the end of that day.
    const isSame = before !== null && expiry.preset === "date" && expiry.day === dayOf(before);
    const end = isSame ? before : instantOf(expiry, now);
    setPending(true);
    const done = await grantUntil(end, before);
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    const told = end === null ? access.endless : `${access.ends} ${instantInZone(Date.parse(end), zone)}`;
    toast(access.endSaved(api.name, told), async () => {
      const undone = await grantUntil(before, end);
      toast(undone.ok ? text.toast.undone : `${text.toast.undoFailed} ${sentence(undone.failures[0])}`);
    });
    onClose();
  };
  return (
    <FormSheet
      title={access.end(api.name)}
      submit={access.saveEnd}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={["expiresAt"]}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{grant.resource?.isOwnApi ? access.endHelpOwn : access.endHelp}</p>
      <ExpiryField
        value={expiry}
        onChange={setExpiry}
        neverHelp={access.endlessHelp}
        error={problemOf(failures, "expiresAt")}
      />
    </FormSheet>
  );
}
