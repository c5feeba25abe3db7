import { createClientCertificate, getClientCertificate, revokeClientCertificate } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { newCredential, revokesCredential } from "./credential.ts";
import { CertificateSubjectEnum } from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientCertificateRef, CredentialRef } from "./refs.ts";

registerNode("clientCertificate", "ClientCertificate", getClientCertificate);

ClientCertificateRef.implement({
  description: "What a client's certificate is known by, for mutual TLS (RFC 8705).",
  interfaces: [Node, CredentialRef],
  ...needs("client-secret:read"),
  fields: (t) => ({
    subjectType: t.expose("subjectType", { type: CertificateSubjectEnum }),
    subject: t.exposeString("subject", {
      description: "In the form in which it is compared; a thumbprint is SHA-256 of the DER in base64url.",
    }),
  }),
});

const payload = changed("clientCertificate", ClientCertificateRef, getClientCertificate);

mutation("createClientCertificate", {
  permission: "client-secret:write",
  description:
    "Registers what a client's certificate is known by (tls_client_auth: an authority of the workspace signs it), or a self-signed one itself (self_signed_tls_client_auth). Exactly one of the six.",
  run: createClientCertificate,
  input: (t) => ({
    ...newCredential(t),
    certificate: t.string({ description: "A self-signed certificate in PEM; it ends by itself at the latest." }),
    subjectDn: t.string({ description: "The whole subject as RFC 4514 writes it: CN=reports,O=Acme,C=DE." }),
    sanDns: t.string({ description: "The one DNS name." }),
    sanUri: t.string({ description: "The one URI." }),
    sanIp: t.string({ description: "The one IP address." }),
    sanEmail: t.string({ description: "The one e-mail address." }),
  }),
  payload,
});

revokesCredential("revokeClientCertificate", {
  id: "ClientCertificateId",
  word: "certificate",
  run: revokeClientCertificate,
  payload,
});
