import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock, type CodeTab } from "../../ui/code-block.tsx";
import { Select, TextArea, TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { toast } from "../../ui/toast.tsx";
import { type Ceiling, expiryFailure, GeneralFailures } from "./add-secret.tsx";
import { endOf, expiryProblem, firstExpiry } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
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

function useRegistration({ clientId, ceiling }: { clientId: string; ceiling: Ceiling }, onDone: () => void) {
  const [by, setBy] = useState<By>("DN");
  const [given, setGiven] = useState("");
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState(() => firstExpiry(ceiling.days));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const run = useMutate(createClientCertificate);
  const submit = async () => {
    if (pending) return;
    const now = Date.now();
    const wrong = expiryFailure(expiryProblem(expiry, ceiling.days, now), ceiling);
    if (wrong.length > 0) return setFailures(wrong);
    const end = endOf(expiry, now);
    setPending(true);
    const done = await run({
      clientId,
      [members[by]]: given,
      // A name may be left out, but not be empty.
      name: name.trim() === "" ? null : name,
      expiresAt: end ? new Date(end).toISOString() : null,
    });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(words.registerCertificate.done(done.payload.clientCertificate?.hint ?? ""));
    onDone();
  };
  return { by, setBy, given, setGiven, name, setName, expiry, setExpiry, failures, pending, submit };
}

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
  const form = useRegistration({ clientId: client.id, ceiling }, onClose);
  const { failures, by } = form;
  const isItself = by === "THUMBPRINT";
  const member = members[by];
  useShortcuts({ "mod+Enter": () => void form.submit() }, true);
  const what = {
    label: isItself ? say.certificate : say.by[by],
    value: form.given,
    onChange: form.setGiven,
    help: isItself ? say.help[by] : `${say.help[by]} ${say.signed}`,
    error: problemOf(failures, member),
    mono: true,
  };
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
        <GeneralFailures failures={failures} fields={["name", "expiresAt", member]} />
        <Select
          label={say.how}
          value={by}
          onChange={(next) => form.setBy(next as By)}
          choices={(Object.keys(members) as By[]).map((value) => ({ value, label: say.choices[value] }))}
        />
        {isItself ? <TextArea {...what} rows={9} /> : <TextField {...what} />}
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
        <button type="submit" hidden />
      </form>
    </Sheet>
  );
}
