import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { number, plural } from "../../format.ts";
import { type Failure, problemOf, wrongHere } from "../../server/ask.ts";
import { save } from "../../server/download.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { fetchText } from "../../server/upload.ts";
import { Button } from "../../ui/button.tsx";
import { FileField } from "../../ui/file-field.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Job } from "./documents.ts";
import { mediaTypes } from "./example.ts";
import { keepKey, keptKey } from "./kept-keys.ts";
import { privateKeyIn } from "./sealed.ts";
import { secretsIn } from "./secrets-file.ts";
import { keyFileName, words } from "./text.ts";

const { job: say } = words;
const { secretsKey: ask } = say;

type Progress = readonly [done: number, total: number];

/** Fetches the report, opens what is sealed in it, and saves it; why not, as words. */
function useSecrets({ reportPath }: Pick<Job, "reportPath">) {
  const { tenant = "" } = useParams({ strict: false });
  const [progress, setProgress] = useState<Progress | null>(null);
  const run = async (id: string, key: CryptoKey): Promise<string | undefined> => {
    setProgress([0, 0]);
    try {
      const report = await fetchText(tenant, reportPath, mediaTypes.NDJSON);
      if (report === undefined) return ask.failed;
      const { csv, count } = await secretsIn(report, key, (...now) => setProgress(now));
      save(new Blob([csv], { type: "text/csv" }), `secrets-${id}.csv`);
      toast(say.saved(plural(count, "secret")));
      return undefined;
    } catch {
      return ask.other;
    } finally {
      setProgress(null);
    }
  };
  return { run, progress };
}

function KeySheet({ job, onClose }: { job: Job; onClose: () => void }) {
  const { run, progress } = useSecrets(job);
  const [file, setFile] = useState<File | null>(null);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const open = async () => {
    if (!file) return setFailures([wrongHere(ask.none, "key")]);
    const key = await privateKeyIn(await file.text());
    if (!key) return setFailures([wrongHere(ask.bad, "key")]);
    const problem = await run(job.id, key);
    if (problem !== undefined) return setFailures([wrongHere(problem, "key")]);
    keepKey(job.id, key);
    onClose();
  };
  return (
    <FormSheet
      width="peek"
      title={ask.title}
      submit={ask.submit}
      pending={progress !== null}
      failures={failures}
      fields={["key"]}
      onSubmit={() => void open()}
      onClose={onClose}
    >
      <FileField
        label={ask.label}
        accept=".json"
        help={ask.help(keyFileName(job.id))}
        error={problemOf(failures, "key")}
        onChoose={(chosen) => {
          setFile(chosen);
          setFailures([]);
        }}
      />
      {progress && (
        <p role="status" className="num muted">
          {ask.progress(number(progress[0]), number(progress[1]))}
        </p>
      )}
    </FormSheet>
  );
}

/** Saves the secrets of an import: with the key that this tab still has, or out of its file. */
export function SaveSecrets({ job, disabledReason }: { job: Job; disabledReason: string | undefined }) {
  const { run, progress } = useSecrets(job);
  const [isAsking, setAsking] = useState(false);
  const press = async () => {
    const key = keptKey(job.id);
    if (!key) return setAsking(true);
    const problem = await run(job.id, key);
    if (problem !== undefined) toast(problem);
  };
  return (
    <>
      <Button
        variant="primary"
        pending={progress !== null}
        disabledReason={disabledReason}
        onPress={() => void press()}
      >
        {say.secrets}
      </Button>
      {isAsking && <KeySheet job={job} onClose={() => setAsking(false)} />}
    </>
  );
}
