import type { ResultOf } from "@graphql-typed-document-node/core";
import { useState } from "react";
import { useClient } from "urql";
import { graphql } from "../../server/document.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { text } from "../../text.ts";
import { Badge } from "../../ui/badge.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Banner, EmptyState } from "../../ui/states.tsx";
import { words } from "./text.ts";

const TestFederatedCredential = graphql(`
  query TestFederatedCredential($id: ID!, $token: String!) {
    node(id: $id) {
      __typename
      ... on Client {
        id
        testFederatedCredential(token: $token) {
          problem
          credentials {
            id
            isTrusted
            problem
            rules {
              rule
              expected
              presented
              holds
              sentence
            }
          }
        }
      }
    }
  }
`);

type Client = Extract<NonNullable<ResultOf<typeof TestFederatedCredential>["node"]>, { __typename: "Client" }>;
type Tested = NonNullable<Client["testFederatedCredential"]>;
type TestedCredential = Tested["credentials"][number];

function Verdict({ tested, name }: { tested: TestedCredential; name: string }) {
  const { tryToken: say } = words;
  const failing = tested.rules.filter(({ holds }) => !holds).length;
  return (
    <section className="tested">
      <h3>{name}</h3>
      {tested.isTrusted && <Banner tone="ok">{say.trusted}</Banner>}
      {failing > 0 && <Banner tone="bad">{say.refused(failing)}</Banner>}
      {tested.problem && <Banner tone="bad">{tested.problem}</Banner>}
      <ul className="ruled">
        {tested.rules.map(({ rule, expected, holds, sentence }) => (
          <li key={rule} className="tested-rule">
            <Badge status={holds ? "active" : "broken"}>{holds ? say.holds : say.fails}</Badge>
            <span className="grow">
              <b className="mono">{rule}</b>
              <span className="small tested-sentence">{sentence ?? <span className="mono">{expected}</span>}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Tries a token at each of the client's federated credentials, and says which rule fails and by how much. */
export function TryToken({
  client,
  nameOf,
  onClose,
}: {
  client: { readonly id: string; readonly name: string };
  /** A credential's name by its id. */
  nameOf: (id: string) => string;
  onClose: () => void;
}) {
  const { tryToken: say } = words;
  const server = useClient();
  const [token, setToken] = useState("");
  const [tested, setTested] = useState<Tested | null>(null);
  const [problem, setProblem] = useState<string>();
  const [pending, setPending] = useState(false);
  const submit = async () => {
    if (token.trim() === "") return;
    setPending(true);
    const asked = server.query(TestFederatedCredential, { id: client.id, token }, { requestPolicy: "network-only" });
    const { data } = await asked.toPromise();
    setPending(false);
    const found = data?.node?.__typename === "Client" ? data.node.testFederatedCredential : undefined;
    setTested(found ?? null);
    setProblem(found ? undefined : text.error.offline);
  };
  return (
    <FormSheet
      title={say.title(client.name)}
      submit={say.submit}
      onSubmit={() => void submit()}
      pending={pending}
      cancel={text.dialog.close}
      onClose={onClose}
    >
      <TextArea label={say.token} value={token} onChange={setToken} help={say.tokenHelp} rows={6} mono />
      <div aria-live="polite">
        {problem && <Banner tone="bad">{problem}</Banner>}
        {tested?.problem && <Banner tone="bad">{tested.problem}</Banner>}
        {tested?.credentials.length === 0 && !tested.problem && <EmptyState>{say.nothing}</EmptyState>}
        {tested?.credentials.map((one) => (
          <Verdict key={one.id} tested={one} name={nameOf(one.id)} />
        ))}
      </div>
    </FormSheet>
  );
}
