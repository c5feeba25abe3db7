import { useState } from "react";
import type { ClientHeadFragment } from "../../gql/graphql.ts";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { approveClient, refuseClient } from "./documents.ts";
import { words } from "./text.ts";

const { approval: say } = words;

type Waiting = Pick<ClientHeadFragment, "id" | "name" | "approval" | "refusalReason">;

/** Says no, and why. */
function RefuseSheet({ client: { id, name }, onClose }: { client: Waiting; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [pending, setPending] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const refuse = useMutate(refuseClient);
  const submit = async () => {
    setPending(true);
    const done = await refuse({ id, reason: reason.trim() });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.refused(name));
    onClose();
  };
  return (
    <FormSheet
      title={say.refuseTitle(name)}
      submit={say.refuse}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={["reason"]}
      onClose={onClose}
    >
      <TextArea
        label={say.reason}
        value={reason}
        onChange={setReason}
        help={say.reasonHelp}
        error={problemOf(failures, "reason")}
      />
    </FormSheet>
  );
}

/** That a client waits, or was refused, and what follows; with the decision for whoever may take it. */
export function Approval({ client, permissions }: { client: Waiting; permissions: readonly string[] }) {
  const [refusing, setRefusing] = useState(false);
  const [pending, setPending] = useState(false);
  const approve = useMutate(approveClient);
  if (client.approval === "APPROVED") return null;
  const { id, name, refusalReason } = client;
  const mayDecide = permissions.includes("client:approve");
  const accept = async () => {
    setPending(true);
    const done = await approve({ id });
    setPending(false);
    toast(done.ok ? say.approved(name) : sentence(done.failures[0]));
  };
  const isRefused = client.approval === "REFUSED";
  return (
    <>
      <Banner
        tone={isRefused ? "bad" : "warn"}
        action={
          mayDecide && (
            <div className="block-actions">
              <Button variant="primary" pending={pending} onPress={() => void accept()}>
                {say.approve}
              </Button>
              {!isRefused && <Button onPress={() => setRefusing(true)}>{say.refuse}</Button>}
            </div>
          )
        }
      >
        {isRefused ? say.isRefused(refusalReason ?? "") : say.waits} {!mayDecide && say.ask}
      </Banner>
      {refusing && <RefuseSheet client={client} onClose={() => setRefusing(false)} />}
    </>
  );
}
