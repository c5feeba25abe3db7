import { useEffect, useState } from "react";
import { useClient } from "urql";
import { ImportProgress, type Job } from "./documents.ts";

const LOOK_MS = 1_000;

type Facts = Omit<Job, "rows">;

/** How far an import is: looked at while it runs; `onEnd` is told once it does not any more. */
export function useJob(job: Facts, onEnd: () => void): Facts {
  const client = useClient();
  const [seen, setSeen] = useState<Facts | null>(null);
  // What the page learned last counts, unless this import was looked at since.
  const current = seen?.id === job.id && job.state === "RUNNING" ? seen : job;
  const isRunning = current.state === "RUNNING";
  useEffect(() => {
    if (!isRunning) return;
    const look = async () => {
      const asked = await client.query(ImportProgress, { id: job.id }, { requestPolicy: "network-only" }).toPromise();
      const node = asked.data?.node;
      if (node?.__typename !== "Import") return;
      setSeen(node);
      if (node.state !== "RUNNING") onEnd();
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [client, isRunning, job.id]);
  return current;
}
