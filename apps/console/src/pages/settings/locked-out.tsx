import { Link, useParams } from "@tanstack/react-router";
import { useQuery } from "urql";
import { plural } from "../../format.ts";
import type { ClientAuthenticationMethod } from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";
import { Banner } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { words } from "./text.ts";

const ClientsLockedOut = graphql(`
  query ClientsLockedOut($workspace: Slug!, $methods: [ClientAuthenticationMethod!]!) {
    workspace(slug: $workspace) {
      id
      clientsLockedOutBy(methods: $methods) {
        count
        clients {
          lastUsedAt
          client {
            id
            name
          }
        }
      }
    }
  }
`);

const { lockedOut: say } = words;

/** Whom a lower ceiling would lock out, named before it is saved. */
export function LockedOut({ methods }: { methods: readonly string[] }) {
  const { tenant, workspace } = useParams({ strict: false }) as { tenant: string; workspace: string };
  const [{ data }] = useQuery({
    query: ClientsLockedOut,
    variables: { workspace, methods: [...methods] as ClientAuthenticationMethod[] },
    requestPolicy: "network-only",
    pause: methods.length === 0,
  });
  const hit = data?.workspace?.clientsLockedOutBy;
  if (!hit) return null;
  if (hit.count === 0) return <Banner tone="info">{say.nobody}</Banner>;
  const more = hit.count - hit.clients.length;
  return (
    <Banner tone="warn">
      <strong>{say.title(plural(hit.count, "client"))}</strong>
      <p>{say.why}</p>
      <ul>
        {hit.clients.map(({ client, lastUsedAt }) => (
          <li key={client.id}>
            <Link
              className="link"
              to="/t/$tenant/w/$workspace/clients/$id/credentials"
              params={{ tenant, workspace, id: client.id }}
            >
              {client.name}
            </Link>{" "}
            <span className="muted small">
              {lastUsedAt ? (
                <>
                  {say.used} <Time at={Date.parse(lastUsedAt)} />
                </>
              ) : (
                say.never
              )}
            </span>
          </li>
        ))}
        {more > 0 && <li>{say.more(plural(more, "client"))}</li>}
      </ul>
    </Banner>
  );
}
