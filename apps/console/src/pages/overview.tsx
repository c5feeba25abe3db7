import { linkOptions, useParams } from "@tanstack/react-router";
import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { PageHead } from "../ui/page-head.tsx";
import "../styles/overview.css";
import { CreateClientButton } from "./overview/acts.tsx";
import { Attention } from "./overview/attention.tsx";
import { Busiest } from "./overview/busiest.tsx";
import { Changes } from "./overview/changes.tsx";
import { Checklist } from "./overview/checklist.tsx";
import { RecentDecisions } from "./overview/decisions.tsx";
import { Endpoints } from "./overview/endpoints.tsx";
import { Figures } from "./overview/figures.tsx";
import { Refusals } from "./overview/refusals.tsx";
import "./overview/pulse-query.ts";
import { words } from "./overview/text.ts";
import { Traffic } from "./overview/traffic.tsx";

const OverviewPage = graphql(`
  query OverviewPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      issuer
      tokenEndpoint
      jwksUri
      metadataUri
      viewerPermissions
      counts {
        resources
        clients
        activeCredentials
        expiringCredentials
      }
      expiringCredentials {
        id
        name
        hint
        expiresAt
        lastUsedAt
        client {
          id
          name
          credentials(first: 20, isRevoked: false) {
            nodes {
              id
              expiresAt
            }
          }
        }
      }
      tokenActivity {
        clients
        isComplete
        lastIssuedAt
        hours {
          from
          issued
          refused
        }
        busiest {
          clientId
          issued
          client {
            id
            name
          }
        }
        reasons {
          reason
          count
        }
      }
      auditEntries(first: 6) {
        nodes {
          id
          at
          type
          outcome
          actor
          actorName
          clientName
          resourceName
          body
        }
      }
      tokenLog(first: 6) {
        nodes {
          id
          at
          outcome
          client
          clientName
          clientId
          resource
          scope
          reason
          evidence
          count
        }
      }
      ...PulseChart
      resources(first: 1) {
        nodes {
          id
        }
      }
      newestClient: clients(first: 1) {
        nodes {
          id
        }
      }
    }
  }
`);

/** In five seconds: is it issuing, what needs me, who changed what. A new workspace is led to its first token instead. */
export function Overview() {
  const { tenant = "", workspace: slug = "" } = useParams({ strict: false });
  const page = usePage(OverviewPage, {}, { rows: 10 });
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  const may = new Set<string>(workspace.viewerPermissions);
  const activity = workspace.tokenActivity ?? null;
  const params = { tenant, workspace: slug };
  const isNew = activity !== null && activity.lastIssuedAt === null && workspace.counts.clients !== null;
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <>
            {may.has("audit:read") && (
              <ButtonLink to={linkOptions({ to: "/t/$tenant/w/$workspace/audit", params })}>
                {words.auditLog}
              </ButtonLink>
            )}
            <CreateClientButton may={may} kind={workspace.kind} params={params} />
          </>
        }
      />
      <Endpoints workspace={workspace} />
      {isNew ? (
        <Checklist
          counts={workspace.counts}
          params={params}
          apiId={workspace.resources?.nodes[0]?.id}
          clientId={workspace.newestClient?.nodes[0]?.id}
          jwksUri={workspace.jwksUri}
          refused={(workspace.tokenLog?.nodes ?? []).find(({ outcome }) => outcome === "REFUSED")}
        />
      ) : (
        <>
          <Figures counts={workspace.counts} activity={activity} />
          {activity && <Traffic activity={activity} workspace={workspace} params={params} />}
        </>
      )}
      <div className="panels">
        {may.has("client-secret:read") && !isNew && <Attention credentials={workspace.expiringCredentials ?? []} />}
        {activity && !isNew && <Refusals reasons={activity.reasons} />}
        {activity && !isNew && <Busiest busiest={activity.busiest} />}
        {may.has("audit:read") && <Changes entries={workspace.auditEntries?.nodes ?? []} params={params} />}
        {may.has("token-log:read") && (!isNew || (workspace.tokenLog?.nodes.length ?? 0) > 0) && (
          <RecentDecisions log={workspace.tokenLog?.nodes ?? []} params={params} />
        )}
      </div>
    </>
  );
}
