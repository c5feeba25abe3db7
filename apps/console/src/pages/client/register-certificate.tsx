import { useState } from "react";
import { unsentKey } from "../../private-key.ts";
import { problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { CodeBlock, type CodeTab } from "../../ui/code-block.tsx";
import { Select, TextArea, TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Ceiling } from "../expiry/expiry.ts";
import { CredentialSheet, useCredentialForm } from "./new-credential.tsx";
import { words } from "./text.ts";

const createClientCertificate = graphql(`
  mutation CreateClientCertificate($input: CreateClientCertificateInput!) {
    createClientCertificate(input: $input) {
      clientCertificate {
        id
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

const MAKE_CERTIFICATE: readonly CodeTab[] = [
  {
    id: "openssl",
    label: "OpenSSL",
    language: "shell",
    code: "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \\\n  -keyout key.pem -out certificate.pem -subj /CN=reports -days 365\ncat certificate.pem",
  },
];

/** The input's member for each way. */
const members = {
  THUMBPRINT: "certificate",
  DN: "subjectDn",
  SAN_DNS: "sanDns",
  SAN_URI: "sanUri",
  SAN_IP: "sanIp",
  SAN_EMAIL: "sanEmail",
} as const;
type By = keyof typeof members;

/** Takes in what a client's certificate is known by, or the certificate itself. */
export function RegisterCertificate({
  client,
  ceiling,
  mtlsTokenEndpoint,
  onClose,
}: {
  client: { readonly id: string; readonly name: string };
  ceiling: Ceiling;
  mtlsTokenEndpoint: string | null;
  onClose: () => void;
}) {
  const { registerCertificate: say } = words;
  const [by, setBy] = useState<By>("DN");
  const [given, setGiven] = useState("");
  const run = useMutate(createClientCertificate);
  const member = members[by];
  const form = useCredentialForm(client.id, ceiling, async (input) => {
    const unsent = unsentKey(member, given);
    if (unsent.length > 0) return unsent;
    const done = await run({ ...input, [member]: given });
    if (!done.ok) return done.failures;
    toast(say.done(done.payload.clientCertificate?.hint ?? ""));
    onClose();
    return [];
  });
  const isItself = by === "THUMBPRINT";
  const what = {
    label: isItself ? say.certificate : say.by[by],
    value: given,
    onChange: setGiven,
    help: isItself ? say.help[by] : `${say.help[by]} ${say.signed}`,
    error: problemOf(form.failures, member),
    mono: true,
  };
  return (
    <CredentialSheet
      form={form}
      fields={Object.values(members)}
      title={say.title(client.name)}
      submit={say.submit}
      nameHelp={say.nameHelp}
      onClose={onClose}
      below={
        <>
          {mtlsTokenEndpoint !== null && (
            <p className="soft sheet-lead">
              {say.at} <code className="id">{mtlsTokenEndpoint}</code>
            </p>
          )}
          {isItself && (
            <>
              <p className="soft sheet-lead">{say.make}</p>
              <CodeBlock label="certificate" tabs={MAKE_CERTIFICATE} />
            </>
          )}
        </>
      }
    >
      <Select
        label={say.how}
        value={by}
        onChange={(next) => setBy(next as By)}
        choices={(Object.keys(members) as By[]).map((value) => ({ value, label: say.choices[value] }))}
      />
      {isItself ? <TextArea {...what} rows={9} /> : <TextField {...what} />}
    </CredentialSheet>
  );
}
