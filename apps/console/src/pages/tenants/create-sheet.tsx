import { useEffect, useRef, useState } from "react";
import { useIsLeft } from "../../reveal/use-is-left.ts";
import { type Failure, problemOf, wrongHere } from "../../server/ask.ts";
import { FormProblems } from "../../server/form-sheet.tsx";
import { slugOf } from "../../slug.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { type LeaveQuestion, Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { IssuerPreview } from "../set-up/step.tsx";
import type { NewAccess } from "./documents.ts";
import { words } from "./text.ts";
import { useRevealAccess } from "./use-reveal-access.tsx";
import { useTenantCall } from "./use-tenant-call.ts";

const { newSheet: say } = words;
const FIELDS = ["name", "slug"];

type Stage = "draft" | "sending" | "uncertain" | "lost";

function questionOf(stage: Stage, isTouched: boolean): LeaveQuestion | undefined {
  if (stage === "sending") return say.making;
  if (stage === "uncertain") return say.unseen;
  return isTouched && stage === "draft" ? say.draft : undefined;
}

/** Asks for the tenant until it is there: where asking stands, and what came of it. */
function useNewTenant(onMade: () => Promise<void>) {
  const [stage, setStage] = useState<Stage>("draft");
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [made, setMade] = useState<{ readonly name: string; readonly access: NewAccess } | null>(null);
  const create = useTenantCall();
  const isLeft = useIsLeft();
  const submit = async (input: { name: string; slug: string }) => {
    setStage("sending");
    const done = await create(input);
    if (done.at === "made" && isLeft.current) return toast(say.madeUnseen(input.name));
    setFailures(done.at === "refused" ? done.failures : []);
    if (done.at === "lost" || done.at === "uncertain") return setStage(done.at);
    if (done.at === "made") await onMade();
    setStage("draft");
    if (done.at === "made") setMade({ name: input.name, access: done.access });
  };
  return { stage, failures, setFailures, made, submit };
}

/** Makes a tenant; then, in the same sheet, shows the ways into it once. */
export function CreateSheet({
  issuerOrigin,
  onMade,
  onClose,
}: {
  /** What issuers begin with. */
  issuerOrigin: string;
  /** Before anything is shown: the address must no longer say that one is to be made. */
  onMade: () => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const { stage, failures, setFailures, made, submit } = useNewTenant(onMade);
  const reveal = useRevealAccess(made?.access ?? null, onClose);
  const slug = ownSlug ?? slugOf(name);
  // What was sent is repeated as it was.
  const isFixed = stage !== "draft";
  const send = () => {
    if (stage === "sending" || stage === "lost" || made) return;
    const problems = [
      ...(name.trim() === "" ? [wrongHere(say.noName, "name")] : []),
      ...(slug === "" ? [wrongHere(say.noSlug, "slug")] : []),
    ];
    if (problems.length > 0) return setFailures(problems);
    void submit({ name: name.trim(), slug });
  };
  useShortcuts(made ? {} : { "mod+Enter": send }, true);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failures.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failures]);
  return (
    <Sheet
      open
      title={made ? words.reveal.title(made.name) : say.title}
      onClose={onClose}
      guard={made ? reveal.guard : questionOf(stage, name !== "" || ownSlug !== null)}
      foot={
        made
          ? reveal.foot
          : (close) => (
              <>
                <span className="small muted grow">{say.reveals}</span>
                <Button onPress={close}>{stage === "lost" ? text.dialog.close : text.dialog.cancel}</Button>
                {stage !== "lost" && (
                  <Button variant="primary" shortcut="⌘↵" pending={stage === "sending"} onPress={send}>
                    {stage === "uncertain" ? say.retry : say.submit}
                  </Button>
                )}
              </>
            )
      }
    >
      {made ? (
        reveal.body
      ) : (
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          {(stage === "lost" || stage === "uncertain") && (
            <div role="alert">
              <Banner tone="warn">{say[stage]}</Banner>
            </div>
          )}
          <FormProblems failures={failures} fields={FIELDS} />
          <TextField
            label={say.name}
            value={name}
            onChange={setName}
            help={say.nameHelp}
            error={problemOf(failures, "name")}
            disabled={isFixed}
            autoFocus
          />
          <TextField
            label={say.slug}
            value={slug}
            onChange={setOwnSlug}
            help={say.slugHelp}
            error={problemOf(failures, "slug")}
            disabled={isFixed}
            mono
          />
          <IssuerPreview origin={issuerOrigin} tenant={slug} />
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}
