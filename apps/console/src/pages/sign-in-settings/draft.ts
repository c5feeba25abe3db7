import { ALL, inputOf, isComplete, NO_ROLE, type RoleDraft } from "../members/roles-of.ts";
import type { Provider } from "./documents.ts";

/** What is said of a provider, as the form holds it. */
export interface Draft {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  readonly domains: string;
  readonly joining: Provider["joining"];
  readonly role: RoleDraft;
  readonly isRequired: boolean;
}

export const NEW: Draft = {
  name: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  scopes: "profile email",
  domains: "",
  joining: "INVITED",
  role: NO_ROLE,
  isRequired: false,
};

/** The form of a provider that is there; its secret is nowhere to be had. */
export function draftOf({ roles, scopes, emailDomains, ...provider }: Provider): Draft {
  const [first] = roles;
  const role = first?.role
    ? { roleId: first.role.id, place: first.everywhere ? ALL : (first.targetWorkspace?.id ?? "") }
    : NO_ROLE;
  const { name, issuer, clientId, joining, isRequired } = provider;
  const lists = { scopes: scopes.join(" "), domains: emailDomains.join(" ") };
  return { name, issuer, clientId, clientSecret: "", ...lists, joining, role, isRequired };
}

const listOf = (typed: string): string[] => typed.split(/[\s,]+/).filter((one) => one !== "");

/** Whether nothing that must be chosen is open. */
export const isWhole = ({ joining, role }: Draft): boolean => joining === "INVITED" || isComplete(role);

/** As the server takes it: the issuer and, where one was typed, the secret are for the caller to add. */
export const fieldsOf = ({ name, clientId, scopes, domains, joining, role, isRequired }: Draft) => ({
  name: name.trim(),
  clientId: clientId.trim(),
  scopes: listOf(scopes),
  emailDomains: listOf(domains),
  joining,
  isRequired,
  ...(joining === "ANYONE" ? { roles: [inputOf(role)] } : {}),
});
