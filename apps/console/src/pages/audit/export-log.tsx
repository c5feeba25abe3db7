import { useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import type { CreateLogExportInput, LogFormat } from "../../gql/graphql.ts";
import type { Failure } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { download } from "../../server/download.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choices.tsx";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const CreateLogExport = graphql(`
  mutation CreateLogExport($input: CreateLogExportInput!) {
    createLogExport(input: $input) {
      logExport {
        id
        path
        total
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

const LogExportProgress = graphql(`
  query LogExportProgress($id: ID!) {
    node(id: $id) {
      __typename
      ... on LogExport {
        id
        sent
        total
      }
    }
  }
`);

type Order = Omit<CreateLogExportInput, "format" | "clientMutationId">;
interface Progress {
  readonly sent: number;
  readonly total: number;
}

const LOOK_MS = 500;
const { export: say } = words;
const formats = Object.entries(say.formats).map(([value, [label, help]]) => ({
  value: value as LogFormat,
  label,
  help,
}));

/** Asks for the file and fetches it; says how far it is, and stops when its sheet goes. */
function useExport(order: Order, onDone: () => void) {
  const { tenant = "" } = useParams({ strict: false });
  const client = useClient();
  const create = useMutate(CreateLogExport);
  const [progress, setProgress] = useState<Progress>();
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [isBroken, setBroken] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const run = async (format: LogFormat) => {
    setBroken(false);
    const done = await create({ ...order, format });
    setFailures(done.ok ? [] : done.failures);
    const made = done.payload?.logExport;
    if (!done.ok || !made) return;
    const { id, path, total } = made;
    setProgress({ sent: 0, total });
    const look = setInterval(async () => {
      const { data } = await client.query(LogExportProgress, { id }, { requestPolicy: "network-only" }).toPromise();
      if (data?.node?.__typename === "LogExport") setProgress(data.node);
    }, LOOK_MS);
    const isWhole = await download(tenant, path, stop.current.signal);
    clearInterval(look);
    setProgress(undefined);
    if (stop.current.signal.aborted) return;
    if (!isWhole) return setBroken(true);
    toast(say.done);
    onDone();
  };
  return { run, progress, failures, isBroken };
}

function ExportSheet({ order, isFiltered, onClose }: { order: Order; isFiltered: boolean; onClose: () => void }) {
  const [format, setFormat] = useState<LogFormat>("CSV");
  const { run, progress, failures, isBroken } = useExport(order, onClose);
  return (
    <FormSheet
      width="peek"
      title={order.log === "AUDIT" ? say.title.audit : say.title.tokens}
      submit={say.submit}
      {...(progress && { cancel: say.stop })}
      pending={progress !== undefined}
      failures={failures}
      onSubmit={() => void run(format)}
      onClose={onClose}
    >
      {isBroken && (
        <div role="alert">
          <Banner tone="bad">{say.broken}</Banner>
        </div>
      )}
      <RadioCards
        label={say.format}
        value={format}
        onChange={setFormat}
        choices={formats}
        help={`${isFiltered ? say.filtered : say.whole} ${say.recorded}`}
      />
      {progress && (
        <p role="status">
          <progress max={Math.max(progress.total, 1)} value={progress.sent} aria-label={say.title.audit} />{" "}
          <span className="num muted">{say.progress(progress.sent, progress.total)}</span>
        </p>
      )}
    </FormSheet>
  );
}

/** The button that makes a file of a log, and its sheet. */
export function ExportLog({ order, isFiltered }: { order: Order; isFiltered: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>{say.open}</Button>
      {open && <ExportSheet order={order} isFiltered={isFiltered} onClose={() => setOpen(false)} />}
    </>
  );
}
