import { graphql } from "../../server/document.ts";

/** The settings that a client may have for itself. */
graphql(`
  fragment ClientSettingsHere on Settings {
    accessTokenLifetime {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    accessTokenFormat {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    signingAlgorithm {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    jwksMaxAge {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    customClaims {
      value {
        name
        value
      }
      level
      own {
        name
        value
      }
      inheritedValue {
        name
        value
      }
      inheritedLevel
    }
    clientAuthenticationMethods {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    certificateBinding {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    tokenExchange {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    tokenEndpointAudience {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    dpop {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    clientSecretLifetime {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    clientKeyLifetime {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    secretOverlap {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    secretOverlapLimit {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    secretQuietPeriod {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    clientSecretLimit {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    apiTokenLimit {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    clientTokenLimit {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
  }
`);

/** All settings: a workspace, a tenant and the installation may say each of them. */
graphql(`
  fragment SettingsHere on Settings {
    ...ClientSettingsHere
    issuance {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    statusList {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    clientApproval {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    generatedTypes {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    apiTokens {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    personalTokens {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    personalTokenLimit {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    staticTokenLifetime {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    jwtScheme {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    staticTokenExpiry {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    signingKeyLifetime {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    maxStale {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    whenDatabaseAway {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    tokenLogRetention {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    auditRetention {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
    workspaceTokenLimit {
      value
      level
      own
      inheritedValue
      inheritedLevel
    }
  }
`);
