import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { reasonWords } from "../pages/client/reasons.ts";
import { graphql } from "../server/document.ts";

const RefusalReason = graphql(`
  query RefusalReason($workspace: Slug!) {
    workspace(slug: $workspace) {
      tokenLog(first: 20) {
        nodes {
          correlationId
          reason
        }
      }
    }
  }
`);

/**
 * Why a token request was refused, from the log: a caller is told little, those who look after the client may know it all.
 * Empty while it is not known, and for those who may not see the log.
 */
export function useReason(correlationId: string | undefined): string {
  const client = useClient();
  const { workspace } = useParams({ strict: false }) as { workspace: string };
  const [found, setFound] = useState({ correlationId, words: "" });
  useEffect(() => {
    if (correlationId === undefined) return;
    const look = async () => {
      const asked = client.query(RefusalReason, { workspace }, { requestPolicy: "network-only" });
      const entries = (await asked.toPromise()).data?.workspace?.tokenLog?.nodes ?? [];
      const entry = entries.find((one) => one.correlationId === correlationId);
      setFound({ correlationId, words: reasonWords(entry?.reason) });
    };
    void look();
  }, [client, workspace, correlationId]);
  return found.correlationId === correlationId ? found.words : "";
}
