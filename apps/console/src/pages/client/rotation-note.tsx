import { useState } from "react";
import { dayAndClock } from "../../format.ts";
import type { SecretRotationNoteFragment } from "../../gql/graphql.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { agentName } from "../../ui/agent.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { ShareBar } from "../overview/share-bar.tsx";
import { type CredentialRow, markOf } from "./credential-rows.ts";
import { movedPercent } from "./rotation.ts";
import { words } from "./text.ts";

graphql(`
  fragment SecretRotationNote on SecretRotation {
    formerId
    successorId
    state
    endsAt
    latestEndsAt
    formerIssued
    successorIssued
    safeFrom
    isSafe
    holdOuts {
      address
      agent
      lastAt
    }
  }
`);

const extendSecretRotation = graphql(`
  mutation ExtendSecretRotation($input: ExtendSecretRotationInput!) {
    extendSecretRotation(input: $input) {
      clientSecret {
        id
        expiresAt
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

const retireSecret = graphql(`
  mutation RetireSecret($input: RetireSecretInput!) {
    retireSecret(input: $input) {
      clientSecret {
        id
        expiresAt
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

const cancelSecretRotation = graphql(`
  mutation CancelSecretRotation($input: CancelSecretRotationInput!) {
    cancelSecretRotation(input: $input) {
      clientSecret {
        id
        expiresAt
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

type Rotation = SecretRotationNoteFragment;

const { rotation: say } = words;
const DAY_MS = 86_400_000;
/** Hold-outs named before the others are left to the list of the server. */
const NAMED = 8;

/** What the traffic says: the share that has moved, who has not, and what follows from it. */
function Progress({ rotation, former, successor }: { rotation: Rotation; former: string; successor: string }) {
  const now = useNow(60_000);
  const { holdOuts, endsAt, safeFrom, isSafe } = rotation;
  const moved = movedPercent(rotation);
  const ends = Date.parse(endsAt);
  const when = dayAndClock(ends, now);
  if (rotation.state === "RETIRED") return <p>{say.ended(when)}</p>;
  return (
    <>
      <ShareBar value={moved ?? 0} of={100} />
      <p className="rotation-shares small muted">
        {moved === null ? (
          say.none
        ) : (
          <>
            <span>{say.moved(moved, successor)}</span>
            {moved < 100 && <span>{say.stays(100 - moved, former)}</span>}
          </>
        )}
      </p>
      <p>
        {holdOuts.length === 0 ? (
          say.nobody
        ) : (
          <>
            {say.still}{" "}
            {holdOuts.slice(0, NAMED).map(({ address, agent, lastAt }, at) => (
              <span key={`${address} ${agent}`} title={agent}>
                {at > 0 && ", "}
                <span className="mono">{address}</span> ({agentName(agent) ?? "–"}, <Time at={Date.parse(lastAt)} />)
              </span>
            ))}
            .
          </>
        )}{" "}
        {isSafe ? (
          <b>{say.safe}</b>
        ) : safeFrom ? (
          Date.parse(safeFrom) < ends && say.waits(dayAndClock(Date.parse(safeFrom), now))
        ) : (
          say.unused
        )}{" "}
        {say.ends(when)}
      </p>
    </>
  );
}

type Act = "extend" | "undo" | "retire" | "cancel";

/** A secret that another one replaces: how far that has come, as its traffic shows, and what can be done. */
export function RotationNote({
  rotation,
  rows,
  locked,
}: {
  rotation: Rotation;
  rows: readonly CredentialRow[];
  /** Why this person may change nothing. */
  locked: string | undefined;
}) {
  const extend = useMutate(extendSecretRotation);
  const retire = useMutate(retireSecret);
  const cancel = useMutate(cancelSecretRotation);
  const [asked, setAsked] = useState<"retire" | "cancel" | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { formerId: id, state, isSafe } = rotation;
  const mark = (secretId: string) => {
    const row = rows.find((one) => one.id === secretId);
    return row ? markOf(row) : secretId;
  };
  const former = mark(id);
  const isRunning = state === "RUNNING";
  const latest = Date.parse(rotation.latestEndsAt);
  const act = async (name: Act) => {
    setPending(true);
    const from = isRunning ? Date.parse(rotation.endsAt) : Date.now();
    const endsAt = new Date(Math.min(latest, from + DAY_MS)).toISOString();
    const done = await (name === "retire"
      ? retire({ id, force: !isSafe })
      : name === "cancel"
        ? cancel({ id, force: true })
        : extend({ id, endsAt }));
    setPending(false);
    if (!done.ok) {
      const why = sentence(done.failures[0]);
      return asked === null ? toast(why) : setError(why);
    }
    toast(say.done[name]);
    setAsked(null);
  };
  const ask = (name: "retire" | "cancel") => {
    setError(undefined);
    setAsked(name);
  };
  return (
    <section className={isRunning ? "note rotation" : "note over rotation"}>
      <div className="rotation-head">
        <h2>
          <Badge status={isRunning ? "transition" : "off"}>
            {isRunning ? say.running(former) : say.retired(former)}
          </Badge>
        </h2>
        <div className="block-actions">
          <Button disabledReason={locked} pending={pending} onPress={() => void act(isRunning ? "extend" : "undo")}>
            {isRunning ? say.extend : say.undo}
          </Button>
          {isRunning && (
            <>
              <Button disabledReason={locked} onPress={() => ask("retire")}>
                {say.retire}
              </Button>
              <Button disabledReason={locked} onPress={() => ask("cancel")}>
                {say.cancel}
              </Button>
            </>
          )}
        </div>
      </div>
      <Progress rotation={rotation} former={former} successor={mark(rotation.successorId)} />
      {asked !== null && (
        <ConfirmDialog
          open
          title={say.ask[asked](former)}
          confirm={asked === "retire" ? say.ask.confirmRetire : say.ask.confirmCancel}
          destructive={asked === "cancel" || !isSafe}
          {...(asked === "retire" && !isSafe ? { typed: former.replace("…", "") } : {})}
          pending={pending}
          error={error}
          onCancel={() => setAsked(null)}
          onConfirm={() => void act(asked)}
        >
          <p>{asked === "cancel" ? say.ask.cancelled : isSafe ? say.ask.quiet : say.ask.inUse}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
