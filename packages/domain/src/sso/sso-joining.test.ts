import { describe, expect, test } from "vitest";
import { joiningProblem } from "./sso-joining.ts";

const verified = { email: "ada@acme.example", emailVerified: true };
const anyone = { joining: "anyone", emailDomains: ["acme.example"] } as const;

describe("somebody who is no member yet", () => {
  test.each([
    ["of an allowed domain → joins", anyone, verified, undefined],
    ["of the domain in other letters → joins", anyone, { ...verified, email: "Ada@ACME.example" }, undefined],
    ["of a domain that ends alike → does not", anyone, { ...verified, email: "a@evil-acme.example" }, "email_domain"],
    ["of a domain below it → does not", anyone, { ...verified, email: "a@sub.acme.example" }, "email_domain"],
    ["with two @ → counts by the last", anyone, { ...verified, email: "a@acme.example@evil.example" }, "email_domain"],
    ["whose address nobody checked → does not", anyone, { ...verified, emailVerified: false }, "email_unverified"],
    ["without an address → does not", anyone, { email: undefined, emailVerified: true }, "no_email"],
    [
      "where any address will do → joins",
      { ...anyone, emailDomains: [] },
      { email: undefined, emailVerified: false },
      undefined,
    ],
    ["where people are invited → does not", { ...anyone, joining: "invited" }, verified, "not_invited"],
  ] as const)("%s", (_, provider, person, problem) => {
    expect(joiningProblem(provider, person, false)).toBe(problem);
  });

  test("with an invitation → joins where people are invited, and only from an allowed domain", () => {
    const invited = { ...anyone, joining: "invited" } as const;
    expect(joiningProblem(invited, verified, true)).toBeUndefined();
    expect(joiningProblem(invited, { ...verified, email: "a@other.example" }, true)).toBe("email_domain");
  });
});
