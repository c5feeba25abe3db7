import { type RefObject, useEffect, useRef, useState } from "react";
import { type Answer, ask, problemOf, sentence } from "../server/ask.ts";
import { text } from "../text.ts";
import { isRegaining, regainSession } from "./regain.ts";
import { askStepUp } from "./step-up-request.ts";

type Refused = Extract<Answer<never>, { ok: false }>;

/** One form's talk with the sign-in door. */
export interface Asking {
  /** The answer, or null when it was refused: then the words for it are below. */
  readonly send: <Body = null>(path: string, body: object) => Promise<Body | null>;
  readonly pending: boolean;
  /** What is wrong with this member, for under its field. */
  readonly problem: (member: string) => string | undefined;
  /** What is wrong as a whole, or with a member that has no field. */
  readonly trouble: string | undefined;
  readonly code: string | undefined;
  readonly clear: () => void;
  /** Goes on the form: after a refusal the first field that is wrong takes the focus. */
  readonly form: RefObject<HTMLFormElement | null>;
}

/** Repeats an act once the person has proved again who they are, where the server asks for that. */
export async function askProved<Body>(path: string, body: object): Promise<Answer<Body>> {
  for (;;) {
    const answer = await ask<Body>(path, body);
    if (answer.ok || answer.failures[0].code !== "STEP_UP_NEEDED" || !(await askStepUp())) return answer;
  }
}

/** The words of a refusal, with how long to wait after too many tries. */
export function words({ failures: [first], retryAfter }: Refused): string {
  return retryAfter === undefined ? sentence(first) : `${sentence(first)} ${text.error.wait(retryAfter)}`;
}

/** `fields` are the members that the form shows a problem under. */
export function useAsk(fields: readonly string[] = []): Asking {
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refused]);
  async function send<Body>(path: string, body: object): Promise<Body | null> {
    if (pending) return null;
    setPending(true);
    const answer = await askProved<Body>(path, body);
    setPending(false);
    setRefused(answer.ok ? null : answer);
    if (answer.ok) return answer.body ?? ({} as Body);
    const isOver = answer.failures[0].code === "UNAUTHENTICATED" && !isRegaining();
    return isOver && (await regainSession()) ? send<Body>(path, body) : null;
  }
  const first = refused?.failures[0];
  const isShownElsewhere = first !== undefined && fields.includes(first.path[0] ?? "");
  return {
    send,
    pending,
    problem: (member) => (refused ? problemOf(refused.failures, member) : undefined),
    trouble: refused && !isShownElsewhere ? words(refused) : undefined,
    code: first?.code,
    clear: () => setRefused(null),
    form,
  };
}
