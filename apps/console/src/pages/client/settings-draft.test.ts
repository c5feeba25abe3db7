import { expect, test } from "vitest";
import { changedIn, draftOf, draftProblem, type Effective, inputsOf } from "./settings-draft.ts";

const effective: Effective = {
  accessTokenLifetime: { value: 300, level: "CLIENT" },
  clientSecretLifetime: { value: null, level: "DEFAULT" },
  clientSecretLimit: { value: 5, level: "WORKSPACE" },
  clientAuthenticationMethods: { value: ["CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"], level: "DEFAULT" },
};
const before = draftOf({ name: "a", description: "" }, effective);

test("only what is set for the client itself stands in the form; the rest is inherited", () => {
  expect(before).toMatchObject({
    accessTokenLifetime: "300",
    clientSecretLifetime: null,
    clientSecretLimit: null,
    clientAuthenticationMethods: null,
  });
});

test("what changed goes to the mutation that it belongs to, inherited as null", () => {
  const after = { ...before, name: "b", accessTokenLifetime: null, clientSecretLimit: " 3 " };
  expect(changedIn(before, after)).toEqual(["name", "accessTokenLifetime", "clientSecretLimit"]);
  expect(inputsOf(before, after)).toEqual({
    client: { name: "b" },
    settings: { accessTokenLifetime: null, clientSecretLimit: 3 },
  });
  expect(inputsOf(before, { ...before, name: " a " })).toEqual({ client: null, settings: null });
});

test("a number that is none and no method at all are told before anything is sent", () => {
  expect(draftProblem({ ...before, clientSecretLimit: "many" })).toEqual({
    member: "clientSecretLimit",
    problem: "number",
  });
  expect(draftProblem({ ...before, clientAuthenticationMethods: [] })?.member).toBe("clientAuthenticationMethods");
  expect(draftProblem(before)).toBeUndefined();
});
