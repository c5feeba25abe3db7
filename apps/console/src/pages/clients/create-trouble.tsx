import { otherProblems } from "../../server/ask.ts";
import { Button } from "../../ui/button.tsx";
import { Id } from "../../ui/id.tsx";
import { Banner } from "../../ui/states.tsx";
import { createWords as words } from "./text.ts";
import type { Stage, useCreate } from "./use-create.ts";

/** What went wrong and what exists now: nothing, perhaps something, or a client whose secret nobody saw. */
export function CreateTrouble({
  stage,
  retry,
  replaceSecret,
}: Omit<ReturnType<typeof useCreate>, "submit" | "forget">) {
  if (stage.at === "uncertain")
    return (
      <Banner tone="warn" action={<Button onPress={() => void retry()}>{words.retry}</Button>}>
        {words.uncertain}
      </Banner>
    );
  if (stage.at === "lost")
    return (
      <Banner tone="warn" action={<Button onPress={() => void replaceSecret(stage.client)}>{words.another}</Button>}>
        {words.lost(stage.client.name)} {words.lostTodo} {stage.problem}
      </Banner>
    );
  return <Refused stage={stage} />;
}

function Refused({ stage }: { stage: Stage }) {
  if (stage.at !== "draft" || stage.failures.length === 0) return null;
  return (
    <div role="alert">
      <Banner tone="bad">
        {words.failed} {otherProblems(stage.failures, ["name"]).join(" ")}{" "}
        {stage.correlationId && <Id id={stage.correlationId} what="request ID" />}
      </Banner>
    </div>
  );
}
