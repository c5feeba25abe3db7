import { useNavigate, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { type Failure, sentence, wrongHere } from "../../server/ask.ts";
import { save } from "../../server/download.ts";
import { useMutate } from "../../server/mutate.ts";
import { upload } from "../../server/upload.ts";
import { toast } from "../../ui/toast.tsx";
import { CreateImport, type ListedImport } from "./documents.ts";
import { formatOf, mediaTypes } from "./example.ts";
import { keepKey } from "./kept-keys.ts";
import { newSealingPair } from "./sealed.ts";
import { keyFileName, words } from "./text.ts";

const MOST_BYTES = 64 * 1024 * 1024;

export type Credentials = "secret" | "keys";

/** What is wrong with a file before it is sent. */
export function fileProblem(file: File | null): string | undefined {
  if (!file) return words.noFile;
  if (!formatOf(file.name)) return words.noKind;
  return file.size > MOST_BYTES ? words.tooLarge : undefined;
}

/** Makes an import, keeps its private key, sends the file, and leads to its page. */
export function useImport(workspaceId: string) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const create = useMutate(CreateImport);
  const [pending, setPending] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  /** An import whose file was not taken gets the next one. */
  const unused = useRef<ListedImport | null>(null);

  const made = async (format: "CSV" | "NDJSON", credentials: Credentials): Promise<ListedImport | null> => {
    const before = unused.current;
    if (before?.format === format && before.sealsSecrets === (credentials === "secret")) return before;
    const pair = credentials === "secret" ? await newSealingPair() : null;
    const done = await create({ workspaceId, format, sealingKey: pair?.publicJwk ?? null });
    if (!done.ok) setFailures(done.failures);
    const job = done.payload?.import;
    if (!done.ok || !job) return null;
    if (pair) {
      keepKey(job.id, pair.privateKey);
      save(new Blob([pair.privateJwk], { type: "application/json" }), keyFileName(job.id));
    }
    unused.current = job;
    return job;
  };

  const run = async (file: File, credentials: Credentials): Promise<void> => {
    const format = formatOf(file.name);
    if (!format) return;
    const job = await made(format, credentials);
    if (!job) return;
    const refused = await upload(tenant, job.path, file, mediaTypes[format]);
    if (refused?.isAnswer) return setFailures([wrongHere(refused.problem, "file")]);
    // It may have been taken: its page knows, and takes it again where it was not.
    if (refused) toast(refused.problem);
    await navigate({ to: "/t/$tenant/w/$workspace/clients/import/$id", params: { tenant, workspace, id: job.id } });
  };

  const start = async (file: File, credentials: Credentials) => {
    setPending(true);
    setFailures([]);
    try {
      await run(file, credentials);
    } catch {
      setFailures([wrongHere(words.cannotSeal, "credentials")]);
    }
    setPending(false);
  };
  return { start, pending, failures, problems: failures.map(sentence) };
}
