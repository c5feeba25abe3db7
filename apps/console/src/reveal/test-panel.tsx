import { useCallback, useRef, useState } from "react";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import type { Revealed, Target } from "./revealed.ts";
import { Headline, TestDetails } from "./test-result.tsx";
import { runTest, type TestResult } from "./test-run.ts";
import { words } from "./text.ts";

export interface Test {
  readonly result: TestResult | undefined;
  readonly running: boolean;
  readonly run: () => void;
}

/** Runs one test at a time; a result belongs to the API that it was asked for. */
export function useTest(revealed: Revealed | null, target: Target | undefined): Test {
  const [done, setDone] = useState<{ result: TestResult; resource: string | undefined }>();
  const [running, setRunning] = useState(false);
  const busy = useRef(false);
  const run = useCallback(async () => {
    if (!revealed || busy.current) return;
    busy.current = true;
    setRunning(true);
    const result = await runTest(revealed, target);
    busy.current = false;
    setRunning(false);
    setDone({ result, resource: target?.resource });
    announce(result.ok ? words.issued : `${words.refused}. ${result.refused.why}`);
  }, [revealed, target]);
  const isOfTarget = done !== undefined && done.resource === target?.resource;
  return { result: isOfTarget ? done.result : undefined, running, run };
}

/** Test it now: one button, then the token as it is. */
export function TestPanel({ test, target }: { test: Test; target: Target | undefined }) {
  const { result, running, run } = test;
  return (
    <section className="panel reveal-test" aria-label={words.test}>
      <div className="panel-head">
        {result ? <Headline result={result} target={target} /> : <span className="soft">{words.testHelp}</span>}
        <span className="grow" />
        <Button icon="play" size="compact" shortcut="T" onPress={run} pending={running}>
          {result ? words.again : words.test}
        </Button>
      </div>
      {result && <TestDetails result={result} target={target} />}
    </section>
  );
}
