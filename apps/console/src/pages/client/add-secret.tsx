import { useState } from "react";
import type { Issuer, Revealed, Target } from "../../reveal/revealed.ts";
import { useReveal } from "../../reveal/use-reveal.tsx";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { endOf, expiryProblem, firstExpiry } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { clientTabs } from "./head.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

const createClientSecret = graphql(`
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
  readonly ceiling: Ceiling;
  /** How many of its secrets work now. */
  readonly working: number;
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

function useNewSecret(owner: SecretOwner, onMade: () => Promise<void>) {
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState(() => firstExpiry(owner.ceiling.days));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const create = useMutate(createClientSecret);
  const submit = async () => {
    if (pending || revealed) return;
    const now = Date.now();
    const wrong = expiryFailure(expiryProblem(expiry, owner.ceiling.days, now), owner.ceiling);
    if (wrong.length > 0) return setFailures(wrong);
    const end = endOf(expiry, now);
    // A name may be left out, but not be empty.
    const named = name.trim() === "" ? null : name;
    setPending(true);
    const done = await create({ clientId: owner.id, name: named, expiresAt: end ? new Date(end).toISOString() : null });
    if (done.ok) await onMade();
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    setFailures([]);
    if (done.secret === null) return;
    const { clientId, issuer, targets, method } = owner;
    setRevealed({ clientId, name: owner.name, secret: done.secret, issuer, targets, method });
  };
  return { name, setName, expiry, setExpiry, failures, pending, revealed, submit };
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
  const { failures, revealed } = form;
  const places = clientTabs(useClientAddress());
  const reveal = useReveal(revealed, { places, onDone: onClose });
  useShortcuts(revealed ? {} : { "mod+Enter": () => void form.submit() }, true);
  return (
    <Sheet
      open
      title={add.title(owner.name)}
      onClose={onClose}
      guard={reveal.guard}
      foot={
        revealed ? (
          reveal.foot
        ) : (
          <>
            <span className="small muted grow">{add.reveals}</span>
            <Button variant="primary" shortcut="⌘↵" pending={form.pending} onPress={() => void form.submit()}>
              {add.create}
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
          <GeneralFailures failures={failures} fields={["name", "expiresAt"]} />
          {owner.working > 0 && <Banner tone="info">{add.overlap(owner.working)}</Banner>}
          <TextField
            label={add.name}
            value={form.name}
            onChange={form.setName}
            help={add.nameHelp}
            error={problemOf(failures, "name")}
            maxLength={100}
            optional
            autoFocus
          />
          <ExpiryField
            value={form.expiry}
            onChange={form.setExpiry}
            ceiling={owner.ceiling.days}
            ceilingFrom={owner.ceiling.from}
            error={problemOf(failures, "expiresAt")}
          />
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}
