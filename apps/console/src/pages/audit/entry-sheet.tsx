import { useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import type { AuditDetailFragment } from "../../gql/graphql.ts";
import { trouble } from "../../server/trouble.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { Changes } from "./changes.tsx";
import { AuditEntryDetail } from "./documents.ts";
import { actorWords, typeWords } from "./sentence.ts";
import { SentenceLine } from "./sentence-line.tsx";
import { words } from "./text.ts";
import { Instant } from "./when.tsx";

const { entry: own } = words;

function Detail({ entry }: { entry: AuditDetailFragment }) {
  return (
    <>
      <p className="entry-sentence">
        <SentenceLine entry={entry} linked />
      </p>
      <Changes entry={entry} />
      <h3 className="entry-part">{own.facts}</h3>
      <KeyValueList
        items={[
          { label: own.when, value: <Instant at={entry.at} /> },
          { label: own.actor, value: actorWords(entry) },
          ...(entry.actorName ? [{ label: own.actorId, value: entry.actor, mono: true, copy: entry.actor }] : []),
          {
            label: own.outcome,
            value: (
              <Badge status={entry.outcome === "DONE" ? "active" : "broken"}>
                {entry.outcome === "DONE" ? words.done : words.refused}
              </Badge>
            ),
          },
          { label: own.type, value: entry.type, mono: true, copy: entry.type },
          { label: own.address, value: entry.address ?? own.erased, mono: true },
          ...(entry.agent ? [{ label: own.agent, value: entry.agent }] : []),
          { label: own.request, value: entry.correlationId, mono: true, copy: entry.correlationId },
          { label: own.id, value: entry.id, mono: true, copy: entry.id },
          { label: own.sequence, value: String(entry.sequence) },
        ]}
      />
      <h3 className="entry-part">{own.said}</h3>
      <CodeBlock
        label={own.said}
        tabs={[
          { id: "json", label: typeWords(entry.type), language: "json", code: JSON.stringify(entry.body, null, 2) },
        ]}
      />
    </>
  );
}

/** One entry beside the log: what, who, from where, and what differs since. */
export function EntrySheet({
  id,
  given,
  given404,
  onClose,
}: {
  id: string;
  /** The entry, where the page brought it along. */
  given: AuditDetailFragment | undefined;
  /** The page asked for it, and it was not there. */
  given404: boolean;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [{ data, error }] = useQuery({
    query: AuditEntryDetail,
    variables: { id },
    pause: given !== undefined || given404,
    requestPolicy: "cache-first",
  });
  const entry = given ?? (data?.node?.__typename === "AuditEntry" ? data.node : undefined);
  const missing = given404 || (data !== undefined && !entry);
  const narrow = (search: { actor?: string; type?: string }) => void navigate({ to: ".", search });
  return (
    <Sheet
      open
      width="peek"
      title={entry ? typeWords(entry.type) : own.title}
      onClose={onClose}
      foot={
        entry && (
          <>
            <Button onPress={() => narrow({ actor: entry.actor })}>{own.byActor}</Button>
            <Button variant="quiet" onPress={() => narrow({ type: entry.type })}>
              {own.sameType}
            </Button>
          </>
        )
      }
    >
      {entry && <Detail entry={entry} />}
      {missing && <ErrorState what={own.missing} />}
      {!entry && error && (
        <ErrorState what={words.entry.title} why={trouble(error).failure.message} todo={trouble(error).failure.fix} />
      )}
      {!entry && !missing && !error && <Skeleton rows={8} />}
    </Sheet>
  );
}
