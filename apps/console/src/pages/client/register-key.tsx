import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choices.tsx";
import { CodeBlock, type CodeTab } from "../../ui/code-block.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { toast } from "../../ui/toast.tsx";
import { type Ceiling, expiryFailure, GeneralFailures } from "./add-secret.tsx";
import { shortKid } from "./credential-rows.ts";
import { endOf, expiryProblem, firstExpiry } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { words } from "./text.ts";

const createClientKey = graphql(`
  mutation CreateClientKey($input: CreateClientKeyInput!) {
    createClientKey(input: $input) {
      clientKey {
        id
        kid
        hint
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

const MAKE_PAIR: readonly CodeTab[] = [
  {
    id: "openssl",
    label: "OpenSSL",
    language: "shell",
    code: "openssl ecparam -name prime256v1 -genkey -noout -out key.pem\nopenssl pkey -in key.pem -pubout",
  },
];

function useRegistration({ clientId, ceiling }: { clientId: string; ceiling: Ceiling }, onDone: () => void) {
  const [source, setSource] = useState<"key" | "address">("key");
  const [publicKey, setPublicKey] = useState("");
  const [jwksUri, setJwksUri] = useState("");
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState(() => firstExpiry(ceiling.days));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const run = useMutate(createClientKey);
  const submit = async () => {
    if (pending) return;
    const now = Date.now();
    const wrong = expiryFailure(expiryProblem(expiry, ceiling.days, now), ceiling);
    if (wrong.length > 0) return setFailures(wrong);
    const end = endOf(expiry, now);
    setPending(true);
    const done = await run({
      clientId,
      ...(source === "key" ? { publicKey } : { jwksUri: jwksUri.trim() }),
      // A name may be left out, but not be empty.
      name: name.trim() === "" ? null : name,
      expiresAt: end ? new Date(end).toISOString() : null,
    });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    const { clientKey } = done.payload;
    const { done: said, doneAddress } = words.registerKey;
    if (clientKey) toast(clientKey.kid ? said(shortKid(clientKey.kid)) : doneAddress(clientKey.hint));
    onDone();
  };
  return {
    source,
    setSource,
    publicKey,
    setPublicKey,
    jwksUri,
    setJwksUri,
    name,
    setName,
    expiry,
    setExpiry,
    failures,
    pending,
    submit,
  };
}

/** Takes in the public half of a key pair that the client made. */
export function RegisterKey({
  client,
  ceiling,
  onClose,
}: {
  client: { readonly id: string; readonly name: string };
  ceiling: Ceiling;
  onClose: () => void;
}) {
  const { registerKey: say } = words;
  const form = useRegistration({ clientId: client.id, ceiling }, onClose);
  const { failures } = form;
  useShortcuts({ "mod+Enter": () => void form.submit() }, true);
  return (
    <Sheet
      open
      title={say.title(client.name)}
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <Button variant="primary" shortcut="⌘↵" pending={form.pending} onPress={() => void form.submit()}>
            {say.submit}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        <GeneralFailures failures={failures} fields={["name", "expiresAt", "publicKey", "jwksUri"]} />
        <RadioCards
          label={say.source}
          look="presets"
          value={form.source}
          onChange={form.setSource}
          choices={[
            { value: "key", label: say.byKey },
            { value: "address", label: say.byAddress },
          ]}
        />
        {form.source === "key" ? (
          <TextArea
            label={say.key}
            value={form.publicKey}
            onChange={form.setPublicKey}
            help={say.keyHelp}
            error={problemOf(failures, "publicKey")}
            rows={7}
            mono
          />
        ) : (
          <TextField
            label={say.address}
            value={form.jwksUri}
            onChange={form.setJwksUri}
            help={say.addressHelp}
            error={problemOf(failures, "jwksUri")}
            placeholder="https://client.example.com/jwks.json"
            mono
          />
        )}
        <TextField
          label={say.name}
          value={form.name}
          onChange={form.setName}
          help={say.nameHelp}
          error={problemOf(failures, "name")}
          maxLength={100}
          optional
        />
        <ExpiryField
          value={form.expiry}
          onChange={form.setExpiry}
          ceiling={ceiling.days}
          ceilingFrom={ceiling.from}
          error={problemOf(failures, "expiresAt")}
        />
        {form.source === "key" && (
          <>
            <p className="soft sheet-lead">{say.make}</p>
            <CodeBlock label="key pair" tabs={MAKE_PAIR} />
          </>
        )}
        <button type="submit" hidden />
      </form>
    </Sheet>
  );
}
