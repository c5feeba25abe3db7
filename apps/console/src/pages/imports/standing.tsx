import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { plural } from "../../format.ts";
import { upload } from "../../server/upload.ts";
import { Button } from "../../ui/button.tsx";
import { FileField } from "../../ui/file-field.tsx";
import { Banner } from "../../ui/states.tsx";
import type { Job } from "./documents.ts";
import { mediaTypes } from "./example.ts";
import { words } from "./text.ts";

const { job: say } = words;

type Facts = Pick<Job, "path" | "format" | "state" | "problem" | "size" | "read" | "made" | "refused">;

function SendAgain({ job, onSent }: { job: Facts; onSent: () => void }) {
  const { tenant = "" } = useParams({ strict: false });
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string>();
  const [pending, setPending] = useState(false);
  const send = async () => {
    if (!file) return setProblem(words.noFile);
    setPending(true);
    const refused = await upload(tenant, job.path, file, mediaTypes[job.format]);
    setPending(false);
    setProblem(refused?.problem);
    // Without an answer it may have been taken all the same.
    if (!refused?.isAnswer) onSent();
  };
  return (
    <div className="import-again">
      <FileField
        label={job.state === "WAITING" ? words.file.label : say.again}
        accept={words.file.accept}
        error={problem}
        onChoose={setFile}
      />
      <Button pending={pending} onPress={() => void send()}>
        {say.go}
      </Button>
    </div>
  );
}

function Running({ job: { size, read, made } }: { job: Facts }) {
  const percent = size === 0 ? 0 : Math.floor((read / size) * 100);
  return (
    <Banner tone="info">
      <p>{say.running}</p>
      <p role="status" className="import-progress">
        <progress max={Math.max(size, 1)} value={read} aria-label={say.progressLabel} />
        <span className="num">{say.progress(plural(made, "client"), percent)}</span>
      </p>
    </Banner>
  );
}

/** How an import stands, and what is to be done about it. */
export function Standing({ job, mayWrite, onSent }: { job: Facts; mayWrite: boolean; onSent: () => void }) {
  const made = plural(job.made, "client");
  switch (job.state) {
    case "RUNNING":
      return <Running job={job} />;
    case "DONE":
      return job.refused === 0 ? (
        <Banner tone="ok">{say.done(made)}</Banner>
      ) : (
        <Banner tone="warn">{say.doneRefused(made, plural(job.refused, "line"))}</Banner>
      );
    default:
      return (
        <>
          <Banner tone="warn">{job.state === "WAITING" ? say.waiting : (job.problem ?? say.interrupted)}</Banner>
          {mayWrite && <SendAgain job={job} onSent={onSent} />}
        </>
      );
  }
}
