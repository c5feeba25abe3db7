import type { ClientAuthenticationMethod } from "@mintmark/token-issuer";
import type { CredentialNoun } from "./credentials.ts";

/** Which ways of authenticating a credential of each kind is good for. */
export const waysOf: { readonly [N in CredentialNoun]: readonly ClientAuthenticationMethod[] } = {
  clientSecret: ["client_secret_basic", "client_secret_post"],
  clientKey: ["private_key_jwt"],
  clientCertificate: ["tls_client_auth", "self_signed_tls_client_auth"],
  federatedCredential: ["federated_jwt"],
};
