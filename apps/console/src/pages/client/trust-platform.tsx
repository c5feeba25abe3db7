import { useState } from "react";
import { unsentKey } from "../../private-key.ts";
import { problemOf, wrongHere } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { Problem, TextArea, TextField } from "../../ui/field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { toast } from "../../ui/toast.tsx";
import { NO_CEILING } from "../expiry/expiry.ts";
import { CredentialSheet, useCredentialForm } from "./new-credential.tsx";
import {
  missingIn,
  type PlatformId,
  type PresetField,
  platforms,
  rulesSoFar,
  type Values,
} from "./platform-presets.ts";
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

const choices = platforms.map(({ id, label }) => ({ value: id, label }));

const helpOf = ({ help, command }: PresetField) =>
  command === undefined ? (
    help
  ) : (
    <>
      {help} {words.trust.ask} <code>{command}</code>
    </>
  );

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
  const [platform, setPlatform] = useState(platforms[0]);
  // By platform, so that nothing typed is lost by a look at another one.
  const [typed, setTyped] = useState<Readonly<Partial<Record<PlatformId, Values>>>>({});
  const [audience, setAudience] = useState(issuer);
  const [jwks, setJwks] = useState("");
  const run = useMutate(createFederatedCredential);
  const own = typed[platform.id] ?? {};
  const rules = rulesSoFar(platform, own);
  const form = useCredentialForm(client.id, NO_CEILING, async (input) => {
    const missing = missingIn(platform, own);
    if (missing.length > 0) return missing.map(({ id }) => wrongHere(say.missing, id));
    const keys = jwks.trim() === "" || platform.keys === "published" ? null : jwks;
    const unsent = unsentKey("jwks", keys ?? "");
    if (unsent.length > 0) return unsent;
    const done = await run({
      ...input,
      issuer: rules.issuer,
      claims: [...rules.claims],
      audience,
      jwks: keys,
    });
    if (!done.ok) return done.failures;
    toast(say.done);
    onClose();
    return [];
  });
  const { failures } = form;
  const rulesProblem = problemOf(failures, "claims");
  return (
    <CredentialSheet
      form={form}
      fields={[...platform.fields.map(({ id }) => id), "audience", "jwks", "claims"]}
      title={say.title(client.name)}
      submit={say.submit}
      nameHelp={say.nameHelp}
      onClose={onClose}
    >
      <RadioCards
        label={say.platform}
        look="presets"
        value={platform.id}
        onChange={(chosen) => {
          setPlatform(platforms.find(({ id }) => id === chosen) ?? platform);
          form.setFailures([]);
        }}
        choices={choices}
      />
      {platform.fields.map((field) => {
        const { id, optional = false } = field;
        return (
          <TextField
            key={`${platform.id} ${id}`}
            label={field.label}
            value={own[id] ?? ""}
            onChange={(value) => setTyped({ ...typed, [platform.id]: { ...own, [id]: value.trim() } })}
            placeholder={field.placeholder}
            help={helpOf(field)}
            error={problemOf(failures, id)}
            optional={optional}
            mono
          />
        );
      })}
      <TextField
        label={say.audience}
        value={audience}
        onChange={setAudience}
        help={say.audienceHelp}
        error={problemOf(failures, "audience")}
        mono
      />
      {platform.keys !== "published" && (
        <TextArea
          label={say.keys}
          value={jwks}
          onChange={setJwks}
          help={platform.keys === "pasted" ? say.keysHelp : say.keysOptional}
          error={problemOf(failures, "jwks")}
          rows={4}
          mono
          optional={platform.keys !== "pasted"}
        />
      )}
      <h3>{say.rules}</h3>
      {rulesProblem && <Problem>{rulesProblem}</Problem>}
      <KeyValueList
        items={[
          { label: "iss", value: rules.issuer, mono: true },
          { label: "aud", value: audience, mono: true },
          ...rules.claims.map(({ name, value }) => ({ label: name, value, mono: true })),
        ]}
      />
      <p className="small muted sheet-lead">{say.rulesHelp}</p>
    </CredentialSheet>
  );
}
