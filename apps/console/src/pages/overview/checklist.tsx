import { linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ButtonLink } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Panel } from "../../ui/states.tsx";
import { reasonTitle } from "./reason-title.ts";
import { words } from "./text.ts";

interface Counts {
  readonly resources?: number | null;
  readonly clients?: number | null;
  readonly activeCredentials?: number | null;
}

interface Step {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly done: boolean;
  readonly act?: ReactNode;
  readonly note?: string | undefined;
}

function Line({ step, at, isNext }: { step: Step; at: number; isNext: boolean }) {
  return (
    <li className={step.done ? "step done" : isNext ? "step next" : "step"} aria-current={isNext ? "step" : undefined}>
      <span className="step-mark num">
        {step.done ? <Icon name="check" /> : at + 1}
        <span className="sr">{step.done ? words.checklist.ticked : words.checklist.open}</span>
      </span>
      <div className="grow">
        <h3>{step.title}</h3>
        <p className="small">{step.help}</p>
        {step.note && <p className="small warn">{step.note}</p>}
      </div>
      {!step.done && step.act}
    </li>
  );
}

/** From nothing to the first call; each step is ticked by what the server holds. */
export function Checklist({
  counts,
  params,
  apiId,
  clientId,
  jwksUri,
  refused,
}: {
  counts: Counts;
  params: { tenant: string; workspace: string };
  apiId: string | undefined;
  clientId: string | undefined;
  jwksUri: string;
  refused: { readonly reason?: string | null } | undefined;
}) {
  const { checklist } = words;
  const done = [
    apiId !== undefined,
    clientId !== undefined && (counts.clients ?? 0) > 0,
    (counts.activeCredentials ?? 0) > 0,
    false,
  ];
  const next = done.indexOf(false);
  const look = (at: number) => ({ size: "compact", variant: at === next ? "primary" : "secondary" }) as const;
  const ofClient = { ...params, id: clientId ?? "" };
  const steps: Step[] = [
    {
      id: "api",
      ...checklist.api,
      done: done[0] ?? false,
      act: (
        <ButtonLink {...look(0)} to={linkOptions({ to: "/t/$tenant/w/$workspace/apis/new", params })}>
          {checklist.api.act}
        </ButtonLink>
      ),
    },
    {
      id: "client",
      ...checklist.client,
      done: done[1] ?? false,
      act: (
        <ButtonLink {...look(1)} to={linkOptions({ to: "/t/$tenant/w/$workspace/clients/new", params })}>
          {checklist.client.act}
        </ButtonLink>
      ),
    },
    {
      id: "credential",
      ...checklist.credential,
      done: done[2] ?? false,
      act: clientId && (
        <ButtonLink
          {...look(2)}
          to={linkOptions({ to: "/t/$tenant/w/$workspace/clients/$id/credentials", params: ofClient })}
        >
          {checklist.credential.act}
        </ButtonLink>
      ),
    },
    {
      id: "token",
      ...checklist.token,
      done: false,
      note: refused?.reason ? `${checklist.token.refused} ${reasonTitle(refused.reason)}.` : undefined,
      act: clientId && (
        <ButtonLink {...look(3)} to={linkOptions({ to: "/t/$tenant/w/$workspace/clients/$id", params: ofClient })}>
          {checklist.token.act}
        </ButtonLink>
      ),
    },
    {
      id: "call",
      ...checklist.call,
      done: false,
      act: <CopyButton value={jwksUri} what={checklist.call.act} look="secondary" />,
    },
  ];
  return (
    <Panel
      title={checklist.title}
      aside={<span className="small muted num">{checklist.done(done.filter(Boolean).length)}</span>}
    >
      <ol className="steps">
        {steps.map((step, at) => (
          <Line key={step.id} step={step} at={at} isNext={at === next} />
        ))}
      </ol>
      <p className="small muted steps-note">{checklist.note}</p>
    </Panel>
  );
}
