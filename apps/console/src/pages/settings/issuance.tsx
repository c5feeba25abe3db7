import { useState } from "react";
import type { SettingsHereFragment } from "../../gql/graphql.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Banner, MarginBlock } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const { issuance: say, levels, sections } = words;

/** `ACTIVE` is said only where a wider level is to be heard: back to what is inherited is null. */
type Wanted = "STOPPED" | null;

/** Whether tokens are issued here, why not, and the act that stops or starts it. Stopping is asked twice. */
export function Issuance({
  setting,
  level,
  place,
  measured,
  locked,
  isSpecial = false,
  send,
}: {
  setting: SettingsHereFragment["issuance"];
  level: "WORKSPACE" | "TENANT" | "INSTALLATION";
  /** What is stopped, by its name: typed before it happens. */
  place: string;
  /** Who would feel it, where that is known. */
  measured?: string | undefined;
  locked: string | undefined;
  isSpecial?: boolean;
  send: (issuance: Wanted) => Promise<readonly Failure[]>;
}) {
  const [asked, setAsked] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const isStopped = setting.value === "STOPPED";
  const isOwn = setting.own === "STOPPED";
  const isAbove = setting.inheritedValue === "STOPPED";
  const change = async (wanted: Wanted) => {
    setPending(true);
    const [refused] = await send(wanted);
    setPending(false);
    setError(refused && sentence(refused));
    if (refused) return;
    setAsked(false);
    toast(say.done[wanted ?? "ACTIVE"]);
  };
  const open = () => {
    setError(undefined);
    setAsked(true);
  };
  return (
    <MarginBlock title={sections.issuance.title} help={sections.issuance.help}>
      <div className="panel act issuance">
        <div className="grow">
          <Badge status={isStopped ? "broken" : "active"}>
            {isStopped ? say.stoppedBy(levels[setting.level]) : say.active}
          </Badge>
          <p className="small muted">
            {isSpecial ? say.special : isOwn ? say.startHelp : say.stopHelp}
            {isAbove && ` ${say.above(levels[setting.inheritedLevel])}`}
          </p>
        </div>
        {!isSpecial &&
          (isOwn ? (
            <Button icon="play" disabledReason={locked} pending={pending} onPress={() => void change(null)}>
              {say.start}
            </Button>
          ) : (
            <Button variant="danger" icon="power" disabledReason={locked} onPress={open}>
              {say.stop}
            </Button>
          ))}
      </div>
      {error && !asked && <Banner tone="bad">{error}</Banner>}
      <ConfirmDialog
        open={asked}
        title={say.stopTitle(place)}
        confirm={say.stopConfirm(place)}
        destructive
        typed={place}
        pending={pending}
        error={error}
        onCancel={() => setAsked(false)}
        onConfirm={() => void change("STOPPED")}
      >
        <p>{say.stopBody[level]}</p>
        {measured && <p>{measured}</p>}
        <p>{say.lives}</p>
      </ConfirmDialog>
    </MarginBlock>
  );
}
