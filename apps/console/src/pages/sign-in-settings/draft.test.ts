import { expect, test } from "vitest";
import type { Provider } from "./documents.ts";
import { draftOf, fieldsOf, isWhole, NEW } from "./draft.ts";

const provider = {
  id: "sso_1",
  name: "Acme",
  issuer: "https://id.acme.example",
  clientId: "mintmark",
  scopes: ["profile"],
  emailDomains: ["acme.example", "acme.test"],
  joining: "ANYONE",
  isRequired: true,
  isActive: true,
  redirectUri: "",
  createdAt: "",
  roles: [{ everywhere: true, role: { id: "rol_1", name: "auditor" }, targetWorkspace: null }],
} as unknown as Provider;

test("a provider that is there goes through the form unchanged, without a secret", () => {
  const draft = draftOf(provider);
  expect(draft.clientSecret).toBe("");
  expect(fieldsOf(draft)).toEqual({
    name: "Acme",
    clientId: "mintmark",
    scopes: ["profile"],
    emailDomains: ["acme.example", "acme.test"],
    joining: "ANYONE",
    isRequired: true,
    roles: [{ roleId: "rol_1", everywhere: true }],
  });
});

test("where people are invited no role is sent; where anyone joins one must be chosen", () => {
  expect(fieldsOf({ ...draftOf(provider), joining: "INVITED" })).not.toHaveProperty("roles");
  expect([isWhole(NEW), isWhole({ ...NEW, joining: "ANYONE" })]).toEqual([true, false]);
});

test("lists are typed with spaces, commas or line breaks between", () => {
  expect(fieldsOf({ ...NEW, domains: " a.example, b.example\nc.example " }).emailDomains).toEqual([
    "a.example",
    "b.example",
    "c.example",
  ]);
});
