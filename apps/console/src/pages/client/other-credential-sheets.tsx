import type { CredentialsClient, CredentialsWorkspace } from "../client-credentials.tsx";
import type { Ceiling } from "../expiry/expiry.ts";
import type { SecretOwner } from "./add-secret.tsx";
import { ImportSecret } from "./import-secret.tsx";
import { RegisterCertificate } from "./register-certificate.tsx";
import { RegisterKey } from "./register-key.tsx";
import { TrustPlatform } from "./trust-platform.tsx";
import { TryToken } from "./try-token.tsx";

/** The sheets that take in what was made elsewhere, and that try a platform's token: the one that is open. */
export function OtherCredentialSheets({
  client,
  workspace,
  owner,
  sheets: { importing, registering, trusting, trying, close },
  mayWrite,
  mayImport,
  ceiling,
  nameOf,
}: {
  client: CredentialsClient;
  workspace: CredentialsWorkspace;
  owner: SecretOwner;
  sheets: {
    readonly importing: boolean;
    readonly registering: "key" | "certificate" | undefined;
    readonly trusting: boolean;
    readonly trying: boolean;
    readonly close: () => void;
  };
  mayWrite: boolean;
  /** A secret: there is room for one more. */
  mayImport: boolean;
  ceiling: Ceiling;
  nameOf: (id: string) => string;
}) {
  if (trying) return <TryToken client={client} nameOf={nameOf} onClose={close} />;
  if (importing) return mayImport ? <ImportSecret owner={owner} onClose={close} /> : null;
  if (!mayWrite) return null;
  if (trusting) return <TrustPlatform client={client} issuer={workspace.issuer} onClose={close} />;
  if (registering === "key") return <RegisterKey client={client} ceiling={ceiling} onClose={close} />;
  if (registering !== "certificate") return null;
  const mtlsTokenEndpoint = workspace.mtlsTokenEndpoint ?? null;
  return <RegisterCertificate {...{ client, ceiling, mtlsTokenEndpoint }} onClose={close} />;
}
