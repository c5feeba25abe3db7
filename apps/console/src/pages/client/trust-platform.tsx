import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choices.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { toast } from "../../ui/toast.tsx";
import { GeneralFailures } from "./add-secret.tsx";
import { endOf, expiryProblem, firstExpiry } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { type Platform, type PlatformId, platforms } from "./platform-presets.ts";
import { words } from "./text.ts";

const createFederatedCredential = graphql(`
  mutation CreateFederatedCredential($input: CreateFederatedCredentialInput!) {
    createFederatedCredential(input: $input) {
      federatedCredential {
        id
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

const [first] = platforms;
const choices = platforms.map(({ id, label }) => ({ value: id, label }));

function useTrust(clientId: string, issuer: string, onDone: () => void) {
  const [platform, setPlatform] = useState<Platform | undefined>(first);
  // By platform, so that nothing typed is lost by a look at another one.
  const [values, setValues] = useState<Readonly<Partial<Record<PlatformId, Readonly<Record<string, string>>>>>>({});
  const [audience, setAudience] = useState(issuer);
  const [jwks, setJwks] = useState("");
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState(() => firstExpiry(null));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const run = useMutate(createFederatedCredential);
  const own = (platform && values[platform.id]) ?? {};
  const rules = platform?.rules(own) ?? { issuer: "", claims: [] };
  const submit = async () => {
    if (pending) return;
    const now = Date.now();
    if (expiryProblem(expiry, null, now))
      return setFailures([{ code: "INVALID_INPUT", message: words.add.pastDate, fix: "", path: ["expiresAt"] }]);
    const end = endOf(expiry, now);
    setPending(true);
    const done = await run({
      clientId,
      issuer: rules.issuer,
      audience,
      claims: rules.claims.map(({ name: claim, value }) => ({ name: claim, value })),
      jwks: jwks.trim() === "" || platform?.keys === "published" ? null : jwks,
      // A name may be left out, but not be empty.
      name: name.trim() === "" ? null : name,
      expiresAt: end ? new Date(end).toISOString() : null,
    });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(words.trust.done);
    onDone();
  };
  return {
    platform,
    choose: (id: PlatformId) => setPlatform(platforms.find((one) => one.id === id)),
    own,
    setValue: (id: string, value: string) =>
      platform && setValues({ ...values, [platform.id]: { ...own, [id]: value.trim() } }),
    rules,
    audience,
    setAudience,
    jwks,
    setJwks,
    name,
    setName,
    expiry,
    setExpiry,
    failures,
    pending,
    submit,
  };
}

/** Trusts a platform's tokens about the client's workload: no secret anywhere. */
export function TrustPlatform({
  client,
  issuer,
  onClose,
}: {
  client: { readonly id: string; readonly name: string };
  /** The workspace's: what tokens are for, unless somebody says otherwise. */
  issuer: string;
  onClose: () => void;
}) {
  const { trust: say } = words;
  const form = useTrust(client.id, issuer, onClose);
  const { failures, platform, rules } = form;
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
        <GeneralFailures failures={failures} fields={["name", "expiresAt", "audience", "jwks"]} />
        <RadioCards
          label={say.platform}
          look="presets"
          value={platform?.id ?? null}
          onChange={form.choose}
          choices={choices}
        />
        {platform?.fields.map((field) => (
          <TextField
            key={`${platform.id} ${field.id}`}
            label={field.label}
            value={form.own[field.id] ?? ""}
            onChange={(value) => form.setValue(field.id, value)}
            placeholder={field.placeholder}
            mono
            {...(field.help ? { help: field.help } : {})}
            {...(field.optional ? { optional: true } : {})}
          />
        ))}
        <TextField
          label={say.audience}
          value={form.audience}
          onChange={form.setAudience}
          help={say.audienceHelp}
          error={problemOf(failures, "audience")}
          mono
        />
        {platform && platform.keys !== "published" && (
          <TextArea
            label={say.keys}
            value={form.jwks}
            onChange={form.setJwks}
            help={platform.keys === "pasted" ? say.keysHelp : say.keysOptional}
            error={problemOf(failures, "jwks")}
            rows={4}
            mono
            optional={platform.keys !== "pasted"}
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
        <ExpiryField value={form.expiry} onChange={form.setExpiry} error={problemOf(failures, "expiresAt")} />
        <h3 className="sheet-lead">{say.rules}</h3>
        <KeyValueList
          items={[
            { label: "iss", value: rules.issuer, mono: true },
            { label: "aud", value: form.audience, mono: true },
            ...rules.claims.map(({ name, value }) => ({ label: name, value, mono: true })),
          ]}
        />
        <p className="small muted">{say.rulesHelp}</p>
        <button type="submit" hidden />
      </form>
    </Sheet>
  );
}
