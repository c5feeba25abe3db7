import { useState } from "react";
import type { Issuer, Revealed, Target } from "../../reveal/revealed.ts";
import { useIsLeft } from "../../reveal/use-is-left.ts";
import { useReveal } from "../../reveal/use-reveal.tsx";
import { type SecretAnswer, useSecretCall } from "../../reveal/use-secret-call.ts";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { type LeaveQuestion, Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { endOf, expiryProblem, firstExpiry } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { clientTabs } from "./head.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

/** How long a new secret may live, and who says so. */
export interface Ceiling {
  /** Null: as long as its owner likes. */
  readonly days: number | null;
  readonly from: string;
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
  readonly ceiling: Ceiling;
  /** How many of its secrets work now. */
  readonly working: number;
  /** The secret that the new one takes over from, and how long both work. */
  readonly rotates?: { readonly id: string; readonly mark: string; readonly overlap: string };
}

/** What is wrong with an expiry, as the server would say it. */
export function expiryFailure(problem: "past" | "ceiling" | undefined, ceiling: Ceiling): readonly Failure[] {
  if (!problem) return [];
  const message = problem === "past" || ceiling.days === null ? words.add.pastDate : words.add.laterDate(ceiling.days);
  return [{ code: "INVALID_INPUT", message, fix: "", path: ["expiresAt"] }];
}

/** The failures that no field of a form shows. */
export function GeneralFailures({ failures, fields }: { failures: readonly Failure[]; fields: readonly string[] }) {
  const general = failures.filter(({ path }) => !fields.includes(path.at(-1) ?? ""));
  return general.map((failure) => (
    <Banner key={failure.code + failure.message} tone="bad">
      {sentence(failure)}
    </Banner>
  ));
}

type Stage = { readonly at: "draft" | "sending" } | Exclude<SecretAnswer, { at: "made" | "refused" }>;

/** Asks for the secret until it is there: what the sheet shows, and where asking stands. */
function useNewSecret(owner: SecretOwner, onMade: () => Promise<void>) {
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState(() => firstExpiry(owner.ceiling.days));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [stage, setStage] = useState<Stage>({ at: "draft" });
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const secrets = useSecretCall(owner.rotates?.id);
  const isLeft = useIsLeft();
  const submit = async () => {
    if (stage.at === "sending" || revealed) return;
    const now = Date.now();
    const wrong = expiryFailure(expiryProblem(expiry, owner.ceiling.days, now), owner.ceiling);
    if (stage.at === "draft" && wrong.length > 0) return setFailures(wrong);
    const end = endOf(expiry, now);
    // A name may be left out, but not be empty.
    const named = name.trim() === "" ? null : name;
    const input = { clientId: owner.id, name: named, expiresAt: end ? new Date(end).toISOString() : null };
    setStage({ at: "sending" });
    const done = await (stage.at === "lost" ? secrets.replace(stage.ids, input) : secrets.make(input));
    if (done.at === "made" && isLeft.current) return toast(words.add.madeUnseen(owner.name));
    if (done.at === "made") await onMade();
    setFailures(done.at === "refused" ? done.failures : []);
    if (done.at === "uncertain" && stage.at === "lost") return setStage({ ...stage, failure: done.failure });
    if (done.at === "lost" || done.at === "uncertain") return setStage(done);
    setStage({ at: "draft" });
    if (done.at === "refused") return;
    const { clientId, issuer, targets, method, dpop } = owner;
    setRevealed({ clientId, name: owner.name, secret: done.secret, issuer, targets, method, dpop });
  };
  return { name, setName, expiry, setExpiry, failures, stage, revealed, submit };
}

function questionOf({ at }: Stage): LeaveQuestion | undefined {
  if (at === "sending") return words.add.making;
  return at === "draft" ? undefined : words.add.unseen;
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
  const { failures, revealed, stage } = form;
  // What was sent is repeated as it was.
  const isFixed = stage.at === "uncertain" || stage.at === "lost";
  const places = clientTabs(useClientAddress());
  const reveal = useReveal(revealed, { places, onDone: onClose });
  useShortcuts(revealed ? {} : { "mod+Enter": () => void form.submit() }, true);
  return (
    <Sheet
      open
      title={owner.rotates ? words.rotation.title(owner.rotates.mark) : add.title(owner.name)}
      onClose={onClose}
      guard={revealed ? reveal.guard : questionOf(stage)}
      foot={
        revealed ? (
          reveal.foot
        ) : (
          <>
            <span className="small muted grow">{add.reveals}</span>
            <Button variant="primary" shortcut="⌘↵" pending={stage.at === "sending"} onPress={() => void form.submit()}>
              {verbs[stage.at]}
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
          <GeneralFailures failures={failures} fields={["name", "expiresAt"]} />
          {owner.rotates ? (
            <Banner tone="info">{words.rotation.both(owner.rotates.overlap)}</Banner>
          ) : (
            owner.working > 0 && <Banner tone="info">{add.overlap(owner.working)}</Banner>
          )}
          <TextField
            label={add.name}
            value={form.name}
            onChange={form.setName}
            help={add.nameHelp}
            error={problemOf(failures, "name")}
            maxLength={100}
            optional
            disabled={isFixed}
            autoFocus
          />
          <ExpiryField
            value={form.expiry}
            onChange={form.setExpiry}
            ceiling={owner.ceiling.days}
            ceilingFrom={owner.ceiling.from}
            error={problemOf(failures, "expiresAt")}
            disabled={isFixed}
          />
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}
