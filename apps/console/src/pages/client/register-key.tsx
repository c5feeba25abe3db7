import { useState } from "react";
import { unsentKey } from "../../private-key.ts";
import { problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { CodeBlock, type CodeTab } from "../../ui/code-block.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Ceiling } from "../expiry/expiry.ts";
import { shortKid } from "./credential-rows.ts";
import { CredentialSheet, useCredentialForm } from "./new-credential.tsx";
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

/** Takes in the public half of a key pair that the client made, or the address where the client publishes its keys. */
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
  const [source, setSource] = useState<"key" | "address">("key");
  const [publicKey, setPublicKey] = useState("");
  const [jwksUri, setJwksUri] = useState("");
  const run = useMutate(createClientKey);
  const form = useCredentialForm(client.id, ceiling, async (input) => {
    const unsent = source === "key" ? unsentKey("publicKey", publicKey) : [];
    if (unsent.length > 0) return unsent;
    const done = await run({ ...input, ...(source === "key" ? { publicKey } : { jwksUri: jwksUri.trim() }) });
    if (!done.ok) return done.failures;
    const { clientKey } = done.payload;
    if (clientKey) toast(clientKey.kid ? say.done(shortKid(clientKey.kid)) : say.doneAddress(clientKey.hint));
    onClose();
    return [];
  });
  return (
    <CredentialSheet
      form={form}
      fields={["publicKey", "jwksUri"]}
      title={say.title(client.name)}
      submit={say.submit}
      nameHelp={say.nameHelp}
      onClose={onClose}
      below={
        source === "key" && (
          <>
            <p className="soft sheet-lead">{say.make}</p>
            <CodeBlock label="key pair" tabs={MAKE_PAIR} />
          </>
        )
      }
    >
      <RadioCards
        label={say.source}
        look="presets"
        value={source}
        onChange={setSource}
        choices={[
          { value: "key", label: say.byKey },
          { value: "address", label: say.byAddress },
        ]}
      />
      {source === "key" ? (
        <TextArea
          label={say.key}
          value={publicKey}
          onChange={setPublicKey}
          help={say.keyHelp}
          error={problemOf(form.failures, "publicKey")}
          rows={7}
          mono
        />
      ) : (
        <TextField
          label={say.address}
          value={jwksUri}
          onChange={setJwksUri}
          help={say.addressHelp}
          error={problemOf(form.failures, "jwksUri")}
          placeholder="https://client.example.com/jwks.json"
          mono
        />
      )}
    </CredentialSheet>
  );
}
