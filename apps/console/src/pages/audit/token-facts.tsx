import { linkOptions, useParams } from "@tanstack/react-router";
import type { TokenRowFragment } from "../../gql/graphql.ts";
import { Badge } from "../../ui/badge.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { type KeyValue, KeyValueList } from "../../ui/key-value-list.tsx";
import { AppLink } from "../../ui/link.tsx";
import { reasonTitle } from "../overview/reason-title.ts";
import { words } from "./text.ts";
import { Instant } from "./when.tsx";

const { tokens, entry: own } = words;

const line = (label: string, value: string | null | undefined): KeyValue[] =>
  value ? [{ label, value, mono: true, copy: value }] : [];

/** Everything that is known of one token request. */
export function TokenFacts({ entry, part: Part }: { entry: TokenRowFragment; part: "h2" | "h3" }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const issued = entry.outcome === "ISSUED";
  const name =
    entry.client && entry.clientName ? (
      <AppLink
        className="said"
        to={linkOptions({
          to: "/t/$tenant/w/$workspace/clients/$id",
          params: { tenant, workspace, id: entry.client },
        })}
      >
        {entry.clientName}
      </AppLink>
    ) : (
      (entry.clientId ?? tokens.unknown)
    );
  return (
    <>
      <KeyValueList
        items={[
          {
            label: tokens.outcome,
            value: (
              <>
                <Badge status={issued ? "active" : "broken"}>{issued ? tokens.issued : tokens.refused}</Badge>
                {entry.count > 1 && <span className="muted small"> {tokens.times(entry.count)}</span>}
              </>
            ),
          },
          ...(entry.reason ? [{ label: tokens.reason, value: reasonTitle(entry.reason) }] : []),
          ...(entry.told ? [{ label: tokens.told, value: entry.told }] : []),
          { label: own.when, value: <Instant at={entry.at} /> },
          { label: tokens.client, value: name },
          ...line("client_id", entry.clientId),
          ...line("API", entry.resource),
          ...line("Scopes", entry.scope),
          ...line(tokens.credential, entry.credentialId),
          ...(entry.method ? [{ label: tokens.method, value: entry.method, mono: true }] : []),
          ...line(tokens.kid, entry.kid),
          ...(entry.expiresAt ? [{ label: tokens.expires, value: <Instant at={entry.expiresAt} /> }] : []),
          { label: own.address, value: entry.address || own.erased, mono: true },
          ...(entry.agent ? [{ label: own.agent, value: entry.agent }] : []),
          ...(issued ? line(tokens.jti, entry.id) : []),
          ...line(own.request, entry.correlationId),
        ]}
      />
      {entry.evidence && (
        <>
          <Part className="entry-part">{tokens.evidence}</Part>
          <CodeBlock
            label={tokens.evidence}
            tabs={[
              {
                id: "json",
                label: entry.reason ?? "",
                language: "json",
                code: JSON.stringify(entry.evidence, null, 2),
              },
            ]}
          />
        </>
      )}
    </>
  );
}
