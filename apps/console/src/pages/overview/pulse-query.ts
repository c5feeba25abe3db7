import { graphql } from "../../server/document.ts";

/** What the chart of the last hour is drawn from; each page and refresh that shows it spreads this. */
graphql(`
  fragment PulseChart on Workspace {
    tokenMinutes {
      from
      issued
      refused
      p50
      p99
    }
    configurationChanges {
      id
      at
      type
      actor
      actorName
      clientName
      resourceName
      body
    }
  }
`);

/** The same once more, while the page stands open. */
export const PulseAgain = graphql(`
  query PulseAgain($workspace: Slug!) {
    workspace(slug: $workspace) {
      id
      ...PulseChart
    }
  }
`);

export const TokenPulseStream = graphql(`
  subscription TokenPulse($workspaceId: WorkspaceId!) {
    tokenPulse(workspaceId: $workspaceId) {
      seconds {
        at
        issued
        refused
      }
      p50
      p99
      changed
    }
  }
`);
