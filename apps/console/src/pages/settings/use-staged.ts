import { useEffect, useState } from "react";
import { list, midSentence } from "../../format.ts";
import { type Failure, otherProblems, problemOf, wrongHere } from "../../server/ask.ts";
import { toast } from "../../ui/toast.tsx";
import { apartFrom, changedIn, type Draft, draftProblem, isSetting, type Typed } from "./draft.ts";
import { kinds } from "./kinds.ts";
import { words } from "./text.ts";

/** Milliseconds that the page's own answer may be behind what was saved. */
const TAKEN_FOR = 5000;

/** A form that is staged against what the server has, and saved as a whole. */
export interface Staged {
  readonly draft: Draft;
  readonly set: (member: string, typed: Typed) => void;
  readonly dirty: boolean;
  /** The changed members, in words. */
  readonly names: string;
  readonly pending: boolean;
  readonly save: () => Promise<void>;
  readonly discard: () => void;
  /** What is wrong with one member, for under its field. */
  readonly problem: (member: string) => string | undefined;
  /** What no field shows. */
  readonly error: string | undefined;
}

/**
 * @param saved the form as the server has it
 * @param labels what members that are no settings are called
 * @param send makes the change; answers why not, or nothing
 */
export function useStaged(
  saved: Draft,
  labels: Readonly<Record<string, string>>,
  send: (before: Draft, after: Draft) => Promise<readonly Failure[]>,
): Staged {
  const [staged, setStaged] = useState<Draft>({});
  // What the server took, and the page has not heard back: shown as saved, or the old would stand there for a moment.
  const [taken, setTaken] = useState<Draft>({});
  const ahead = Object.keys(apartFrom(taken, saved)).length > 0;
  useEffect(() => {
    // It may have become something else on the way, such as a name without its blanks.
    const timer = ahead ? setTimeout(() => setTaken({}), TAKEN_FOR) : undefined;
    return () => clearTimeout(timer);
  }, [ahead]);
  const known: Draft = ahead ? { ...saved, ...taken } : saved;
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const draft: Draft = { ...known, ...staged };
  const changed = changedIn(known, draft);
  const labelOf = (member: string) => (isSetting(member) ? kinds[member].label : (labels[member] ?? member));
  const names = list(changed.map((member) => midSentence(labelOf(member))));

  const attempt = async (): Promise<readonly Failure[]> => {
    const wrong = draftProblem(draft);
    if (!wrong) return send(known, draft);
    const message = wrong.problem === "number" ? words.whole : words.oneMethod;
    return [wrongHere(message, wrong.member)];
  };
  const save = async () => {
    setPending(true);
    const refused = await attempt();
    setPending(false);
    setFailures(refused);
    if (refused.length > 0) return;
    setTaken(Object.fromEntries(changed.map((member) => [member, draft[member] ?? null])));
    // What was typed meanwhile was not sent.
    setStaged((now) => apartFrom(now, draft));
    toast(words.saved(names));
  };
  const general = otherProblems(failures, Object.keys(saved));
  return {
    draft,
    set: (member, typed) => setStaged((before) => ({ ...before, [member]: typed })),
    dirty: changed.length > 0,
    names,
    pending,
    save,
    discard: () => {
      setStaged({});
      setFailures([]);
    },
    problem: (member) => problemOf(failures, member),
    error: general.length > 0 ? general.join(" ") : undefined,
  };
}
