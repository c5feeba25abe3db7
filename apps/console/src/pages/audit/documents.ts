import { graphql } from "../../server/document.ts";

/** A line of the log. */
graphql(`
  fragment AuditRow on AuditEntry {
    id
    at
    type
    outcome
    actor
    actorName
    clientName
    resourceName
    body
    address
  }
`);

/** Everything of one entry. */
graphql(`
  fragment AuditDetail on AuditEntry {
    ...AuditRow
    sequence
    correlationId
    agent
    changes {
      kind
      id
      before
      after
    }
  }
`);

export const AuditEntryDetail = graphql(`
  query AuditEntryDetail($id: ID!) {
    node(id: $id) {
      __typename
      ... on AuditEntry {
        ...AuditDetail
      }
    }
  }
`);

export const AuditPage = graphql(`
  query AuditPage(
    $workspace: Slug!
    $search: String
    $type: AuditEventType
    $outcome: AuditOutcome
    $actor: ActorId
    $from: DateTime
    $to: DateTime
    $event: ID!
    $withEvent: Boolean!
  ) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
      auditEntries(first: 50, search: $search, type: $type, outcome: $outcome, actor: $actor, from: $from, to: $to) {
        nodes {
          ...AuditRow
        }
        lookedBackTo
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    event: node(id: $event) @include(if: $withEvent) {
      __typename
      ... on AuditEntry {
        ...AuditDetail
      }
    }
  }
`);

export const MoreAudit = graphql(`
  query MoreAudit(
    $workspace: Slug!
    $search: String
    $type: AuditEventType
    $outcome: AuditOutcome
    $actor: ActorId
    $from: DateTime
    $to: DateTime
    $after: Cursor
  ) {
    workspace(slug: $workspace) {
      id
      auditEntries(
        first: 100
        after: $after
        search: $search
        type: $type
        outcome: $outcome
        actor: $actor
        from: $from
        to: $to
      ) {
        nodes {
          ...AuditRow
        }
        lookedBackTo
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

/** A line of the token log. */
graphql(`
  fragment TokenRow on TokenLogEntry {
    id
    at
    outcome
    correlationId
    client
    clientName
    clientId
    credentialId
    method
    resource
    scope
    kid
    expiresAt
    reason
    evidence
    explanation
    told
    count
    address
    agent
  }
`);

export const TokenLogPage = graphql(`
  query TokenLogPage(
    $workspace: Slug!
    $clientId: ClientId
    $sentClientId: OAuthClientId
    $credentialId: String
    $outcome: TokenOutcome
    $reason: String
    $resource: String
    $scope: String
    $address: String
    $correlationId: CorrelationId
    $tokenId: TokenId
    $from: DateTime
    $to: DateTime
    $event: ID!
    $withEvent: Boolean!
  ) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      viewerPermissions
      tokenLog(
        first: 50
        clientId: $clientId
        sentClientId: $sentClientId
        credentialId: $credentialId
        outcome: $outcome
        reason: $reason
        resource: $resource
        scope: $scope
        address: $address
        correlationId: $correlationId
        tokenId: $tokenId
        from: $from
        to: $to
      ) {
        nodes {
          ...TokenRow
        }
        lookedBackTo
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      tokenLogEntry(id: $event) @include(if: $withEvent) {
        ...TokenRow
      }
    }
  }
`);

export const ExplainPage = graphql(`
  query ExplainPage($workspace: Slug!, $request: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      viewerPermissions
      tokenLogEntry(id: $request) {
        ...TokenRow
      }
    }
  }
`);

export const MoreTokens = graphql(`
  query MoreTokens(
    $workspace: Slug!
    $clientId: ClientId
    $sentClientId: OAuthClientId
    $credentialId: String
    $outcome: TokenOutcome
    $reason: String
    $resource: String
    $scope: String
    $address: String
    $correlationId: CorrelationId
    $tokenId: TokenId
    $from: DateTime
    $to: DateTime
    $after: Cursor
  ) {
    workspace(slug: $workspace) {
      id
      tokenLog(
        first: 100
        after: $after
        clientId: $clientId
        sentClientId: $sentClientId
        credentialId: $credentialId
        outcome: $outcome
        reason: $reason
        resource: $resource
        scope: $scope
        address: $address
        correlationId: $correlationId
        tokenId: $tokenId
        from: $from
        to: $to
      ) {
        nodes {
          ...TokenRow
        }
        lookedBackTo
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const AuditTail = graphql(`
  subscription AuditTail(
    $workspaceId: WorkspaceId!
    $after: Cursor
    $search: String
    $type: AuditEventType
    $outcome: AuditOutcome
    $actor: ActorId
    $from: DateTime
    $to: DateTime
  ) {
    auditTail(
      workspaceId: $workspaceId
      after: $after
      search: $search
      type: $type
      outcome: $outcome
      actor: $actor
      from: $from
      to: $to
    ) {
      entries {
        ...AuditRow
      }
      cursor
      isWhole
    }
  }
`);

export const TokenLogTail = graphql(`
  subscription TokenLogTail(
    $workspaceId: WorkspaceId!
    $after: Cursor
    $clientId: ClientId
    $sentClientId: OAuthClientId
    $credentialId: String
    $outcome: TokenOutcome
    $reason: String
    $resource: String
    $scope: String
    $address: String
    $correlationId: CorrelationId
    $tokenId: TokenId
    $from: DateTime
    $to: DateTime
  ) {
    tokenLogTail(
      workspaceId: $workspaceId
      after: $after
      clientId: $clientId
      sentClientId: $sentClientId
      credentialId: $credentialId
      outcome: $outcome
      reason: $reason
      resource: $resource
      scope: $scope
      address: $address
      correlationId: $correlationId
      tokenId: $tokenId
      from: $from
      to: $to
    ) {
      entries {
        ...TokenRow
      }
      cursor
      isWhole
    }
  }
`);
