import { useState } from "react";
import type { Issuer, Revealed, Target } from "../../reveal/revealed.ts";
import { useIsLeft } from "../../reveal/use-is-left.ts";
import { useReveal } from "../../reveal/use-reveal.tsx";
import { type SecretAnswer, useSecretCall } from "../../reveal/use-secret-call.ts";
import { problemOf, sentence } from "../../server/ask.ts";
import { FormProblems } from "../../server/form-sheet.tsx";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { type LeaveQuestion, Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Ceiling } from "../expiry/expiry.ts";
import { clientTabs } from "./head.tsx";
import { NameAndEndFields, useNameAndEnd } from "./new-credential.tsx";
import { type Overlap, OverlapField } from "./overlap-field.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

interface Rotates {
  readonly id: string;
  readonly mark: string;
  /** Seconds that both work, as the settings say, and what may be chosen instead. */
  readonly overlap: number;
  readonly overlaps: readonly number[];
}

/** A client as a new secret needs it: to make it, and to try it out. */
export interface SecretOwner {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly issuer: Issuer;
  readonly targets: readonly Target[];
  readonly method: Revealed["method"];
  readonly dpop: boolean;
  /** Whether it could show a certificate instead. */
  readonly takesCertificates: boolean;
  readonly ceiling: Ceiling;
  /** How many of its secrets work now. */
  readonly working: number;
  /** The secret that the new one takes over from. */
  readonly rotates?: Rotates;
}

type Stage = { readonly at: "draft" | "sending" } | Exclude<SecretAnswer, { at: "made" | "refused" }>;

/** Asks for the secret until it is there: what the sheet shows, and where asking stands. */
function useNewSecret(owner: SecretOwner, onMade: () => Promise<void>) {
  const fields = useNameAndEnd(owner.id, owner.ceiling);
  const [firstOverlap] = useState<Overlap | undefined>(owner.rotates && { seconds: owner.rotates.overlap });
  const [overlap, setOverlap] = useState(firstOverlap);
  const [stage, setStage] = useState<Stage>({ at: "draft" });
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const secrets = useSecretCall(owner.rotates?.id);
  const isLeft = useIsLeft();
  const submit = async () => {
    if (stage.at === "sending" || revealed) return;
    const given = fields.input();
    if (!given) return;
    const input = { ...given, overlap };
    setStage({ at: "sending" });
    const done = await (stage.at === "lost" ? secrets.replace(stage.ids, input) : secrets.make(input));
    if (done.at === "made" && isLeft.current) return toast(words.add.madeUnseen(owner.name));
    if (done.at === "made") await onMade();
    fields.setFailures(done.at === "refused" ? done.failures : []);
    if (done.at === "uncertain" && stage.at === "lost") return setStage({ ...stage, failure: done.failure });
    if (done.at === "lost" || done.at === "uncertain") return setStage(done);
    setStage({ at: "draft" });
    if (done.at === "refused") return;
    const { clientId, issuer, targets, method, dpop } = owner;
    setRevealed({ clientId, name: owner.name, secret: done.secret, issuer, targets, method, dpop });
  };
  const isTouched = fields.isTouched || overlap !== firstOverlap;
  return { fields, overlap, setOverlap, stage, revealed, submit, isTouched };
}

function questionOf({ at }: Stage, isTouched: boolean): LeaveQuestion | undefined {
  if (at === "sending") return words.add.making;
  if (at !== "draft") return words.add.unseen;
  return isTouched ? words.add.draft : undefined;
}

const verbs = {
  draft: words.add.create,
  sending: words.add.create,
  uncertain: words.add.retry,
  lost: words.add.another,
};

/** What is not known, or known to be lost. */
function Trouble({ stage }: { stage: Stage }) {
  if (stage.at === "draft" || stage.at === "sending") return null;
  return (
    <div role="alert">
      <Banner tone="warn">
        {stage.at === "lost" ? words.add.lost : words.add.uncertain}{" "}
        {stage.at === "lost" && stage.failure && sentence(stage.failure)}
      </Banner>
    </div>
  );
}

/** Makes one more secret beside those that work, shows it once, and lets it be tried out. */
export function AddSecret({
  owner,
  onMade,
  onClose,
}: {
  owner: SecretOwner;
  /** Before the secret is shown: the address must no longer say that one is to be made. */
  onMade: () => Promise<void>;
  onClose: () => void;
}) {
  const { add } = words;
  const form = useNewSecret(owner, onMade);
  const { fields, revealed, stage } = form;
  // What was sent is repeated as it was.
  const isFixed = stage.at === "uncertain" || stage.at === "lost";
  const tabs = clientTabs(useClientAddress());
  const certificate = owner.takesCertificates ? { ...tabs.credentials, search: { new: "certificate" } } : undefined;
  const places = { ...tabs, certificate };
  const reveal = useReveal(revealed, { places, onDone: onClose });
  useShortcuts(revealed ? {} : { "mod+Enter": () => void form.submit() }, true);
  return (
    <Sheet
      open
      title={owner.rotates ? words.rotation.title(owner.rotates.mark) : add.title(owner.name)}
      onClose={onClose}
      guard={revealed ? reveal.guard : questionOf(stage, form.isTouched)}
      foot={
        revealed
          ? reveal.foot
          : (close) => (
              <>
                <span className="small muted grow">{add.reveals}</span>
                <Button onPress={close}>{text.dialog.cancel}</Button>
                <Button
                  variant="primary"
                  shortcut="⌘↵"
                  pending={stage.at === "sending"}
                  onPress={() => void form.submit()}
                >
                  {owner.rotates && !isFixed ? add.rotate : verbs[stage.at]}
                </Button>
              </>
            )
      }
    >
      {revealed ? (
        reveal.body
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void form.submit();
          }}
        >
          <Trouble stage={stage} />
          <FormProblems failures={fields.failures} fields={["name", "expiresAt", "overlap"]} />
          {!owner.rotates && owner.working > 0 && <Banner tone="info">{add.overlap(owner.working)}</Banner>}
          {owner.rotates && form.overlap !== undefined && (
            <OverlapField
              value={form.overlap}
              lengths={owner.rotates.overlaps}
              onChange={form.setOverlap}
              disabled={isFixed}
              error={problemOf(fields.failures, "overlap")}
            />
          )}
          <NameAndEndFields form={fields} nameHelp={add.nameHelp} disabled={isFixed} autoFocus />
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}
