import { FormProblems } from "../../server/form-sheet.tsx";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { CreateMemberResetLink, type Member } from "./documents.ts";
import { words } from "./text.ts";
import { LinkTrouble, questionOf, useLink, useRevealLink, verbOf } from "./use-link.tsx";

const { reset: say } = words;

/** Makes a link that gives a member a lost account back; then shows it once. */
export function ResetSheet({ member: { id, name }, onClose }: { member: Member; onClose: () => void }) {
  const { stage, failures, revealed, submit } = useLink(CreateMemberResetLink);
  const reveal = useRevealLink(revealed, words.link.resetWarning, onClose);
  const send = () => {
    if (stage.at !== "sending" && !revealed) void submit({ id });
  };
  useShortcuts(revealed ? {} : { "mod+Enter": send }, true);
  return (
    <Sheet
      open
      title={revealed ? words.link.resetReady(name) : say.title(name)}
      onClose={onClose}
      guard={revealed ? reveal.guard : questionOf(stage, undefined)}
      foot={
        revealed
          ? reveal.foot
          : (leave) => (
              <>
                <span className="grow" />
                <Button onPress={leave}>{text.dialog.cancel}</Button>
                <Button variant="primary" shortcut="⌘↵" pending={stage.at === "sending"} onPress={send}>
                  {verbOf(stage, say.submit)}
                </Button>
              </>
            )
      }
    >
      {revealed ? (
        reveal.body
      ) : (
        <>
          <LinkTrouble stage={stage} failures={failures} />
          {stage.at === "draft" && <FormProblems failures={failures} fields={[]} />}
          <p>{say.body}</p>
        </>
      )}
    </Sheet>
  );
}
