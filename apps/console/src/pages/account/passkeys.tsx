import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import type { AccountFacts } from "../../session/account-facts.ts";
import { AskForm } from "../../session/door.tsx";
import { addPasskey, hasPasskeys } from "../../session/passkey.ts";
import { useAsk } from "../../session/use-ask.ts";
import { useAccount } from "../../shell/account-shell.tsx";
import { account } from "../../text/account.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { MoreMenu } from "../../ui/menu.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Banner, MarginBlock } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";

const words = account.passkeys;
type Passkey = AccountFacts["passkeys"][number];
const nameOf = (one: Passkey) => one.name || words.unnamed;

function Add({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [name, setName] = useState("");
  const [pending, setPending] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const submit = async () => {
    setPending(true);
    const answer = await addPasskey(name);
    setPending(false);
    if (!answer.ok) return setTrouble(sentence(answer.failures[0]));
    toast(words.added);
    onDone();
  };
  return (
    <Sheet
      open
      title={words.add}
      onClose={onClose}
      width="peek"
      foot={
        <>
          <span className="grow" />
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button type="submit" variant="primary" form="add-passkey" pending={pending}>
            {words.add}
          </Button>
        </>
      }
    >
      <form
        id="add-passkey"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {trouble && (
          <div role="alert">
            <Banner tone="bad">{trouble}</Banner>
          </div>
        )}
        <TextField
          label={words.addName}
          value={name}
          onChange={setName}
          help={words.addHelp}
          maxLength={100}
          optional
          autoFocus
        />
      </form>
    </Sheet>
  );
}

function Rename({ one, onDone, onClose }: { one: Passkey; onDone: () => void; onClose: () => void }) {
  const [name, setName] = useState(one.name ?? "");
  const asking = useAsk(["name"]);
  const submit = async () => {
    if ((await asking.send("passkey/rename", { id: one.id, name: name.trim() })) === null) return;
    toast(words.renamed);
    onDone();
  };
  return (
    <Sheet
      open
      title={words.renameTitle(nameOf(one))}
      onClose={onClose}
      width="peek"
      foot={
        <>
          <span className="grow" />
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button variant="primary" pending={asking.pending} onPress={() => void submit()}>
            {words.rename}
          </Button>
        </>
      }
    >
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <TextField
          label={words.addName}
          value={name}
          onChange={setName}
          error={asking.problem("name")}
          maxLength={100}
          autoFocus
        />
      </AskForm>
    </Sheet>
  );
}

function Remove({ one, onDone, onClose }: { one: Passkey; onDone: () => void; onClose: () => void }) {
  const asking = useAsk();
  const confirm = async () => {
    if ((await asking.send("passkey/remove", { id: one.id })) === null) return;
    toast(words.removed);
    onDone();
  };
  return (
    <ConfirmDialog
      open
      title={words.removeTitle(nameOf(one))}
      confirm={words.removeTitle(nameOf(one))}
      destructive
      pending={asking.pending}
      error={asking.trouble}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      {words.removeBody}
    </ConfirmDialog>
  );
}

type Doing = { what: "add" } | { what: "rename" | "remove"; one: Passkey } | null;

/** The person's passkeys: added, named and removed here. */
export function Passkeys() {
  const { facts, reload } = useAccount();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  const done = () => {
    setDoing(null);
    reload();
  };
  return (
    <MarginBlock title={words.title} help={words.help}>
      {facts.passkeys.length === 0 && <p className="muted gap-below">{words.none}</p>}
      {facts.passkeys.length > 0 && (
        <ul className="own-list">
          {facts.passkeys.map((one) => (
            <li key={one.id}>
              <span className="grow">
                <b>{nameOf(one)}</b>
                <small>
                  {words.made} <Time at={Date.parse(one.createdAt)} /> · {one.isBackedUp ? words.synced : words.local}
                </small>
              </span>
              <MoreMenu
                label={nameOf(one)}
                entries={[
                  {
                    id: "rename",
                    label: words.rename,
                    icon: "edit",
                    onAction: () => setDoing({ what: "rename", one }),
                  },
                  {
                    id: "remove",
                    label: words.remove,
                    icon: "trash",
                    danger: true,
                    onAction: () => setDoing({ what: "remove", one }),
                  },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      <Button
        icon="plus"
        onPress={() => setDoing({ what: "add" })}
        disabledReason={hasPasskeys() ? undefined : words.unavailable}
      >
        {words.add}
      </Button>
      {doing?.what === "add" && <Add onDone={done} onClose={close} />}
      {doing?.what === "rename" && <Rename one={doing.one} onDone={done} onClose={close} />}
      {doing?.what === "remove" && <Remove one={doing.one} onDone={done} onClose={close} />}
    </MarginBlock>
  );
}
