import { graphql } from "../../server/document.ts";

/** The settings that a client may have for itself, each with the level that it comes from. */
graphql(`
  fragment EffectiveSettings on Settings {
    accessTokenLifetime {
      value
      level
    }
    clientAuthenticationMethods {
      value
      level
    }
    clientSecretLifetime {
      value
      level
    }
    clientSecretLimit {
      value
      level
    }
  }
`);
