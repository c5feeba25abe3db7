import { expect, test } from "vitest";
import { missingIn, type PlatformId, platforms, rulesSoFar } from "./platform-presets.ts";

const rulesOf = (id: PlatformId, values: Readonly<Record<string, string>>) =>
  platforms.find((one) => one.id === id)?.rules(values);

test("[B3] GitHub's repository by its names, and by its names with the ids inside sub", () => {
  const names = { repository: "acme/shop", context: "ref:refs/heads/main" };
  expect(rulesOf("github", names)?.claims).toEqual([{ name: "sub", value: "repo:acme/shop:ref:refs/heads/main" }]);
  expect(rulesOf("github", { ...names, ownerId: "123456", repositoryId: "456789" })?.claims).toEqual([
    { name: "sub", value: "repo:acme@123456/shop@456789:ref:refs/heads/main" },
  ]);
  expect(rulesOf("github", { ...names, repositoryId: "456789" })?.claims).toEqual([
    { name: "sub", value: "repo:acme/shop:ref:refs/heads/main" },
    { name: "repository_id", value: "456789" },
  ]);
});

test("[B3] GitLab, Kubernetes, Google and SPIFFE by what their tokens say", () => {
  expect(rulesOf("gitlab", { project: "acme/shop", branch: "main" })).toEqual({
    issuer: "https://gitlab.com",
    claims: [{ name: "sub", value: "project_path:acme/shop:ref_type:branch:ref:main" }],
  });
  const account = { issuer: "https://k8s.example", namespace: "shop", account: "billing", uid: "8f1d" };
  expect(rulesOf("kubernetes", account)?.claims).toEqual([
    { name: "sub", value: "system:serviceaccount:shop:billing" },
    { name: "/kubernetes.io/serviceaccount/uid", value: "8f1d" },
  ]);
  expect(rulesOf("google", { uniqueId: "1040" })).toEqual({
    issuer: "https://accounts.google.com",
    claims: [{ name: "sub", value: "1040" }],
  });
  expect(rulesOf("spiffe", { issuer: "acme.example", path: "/ns/shop" })).toEqual({
    issuer: "spiffe://acme.example",
    claims: [{ name: "sub", value: "spiffe://acme.example/ns/shop" }],
  });
});

test("anything else by issuer, subject and one more claim", () => {
  expect(rulesOf("other", { issuer: "https://id.example", subject: "a", claim: "ref=x=y" })?.claims).toEqual([
    { name: "sub", value: "a" },
    { name: "ref", value: "x=y" },
  ]);
});

test("an empty form names what is missing, and shows what a token will have to say", () => {
  for (const platform of platforms) {
    const missing = missingIn(platform, {}).map(({ id }) => id);
    expect(missing).toEqual(platform.fields.filter(({ optional }) => !optional).map(({ id }) => id));
    expect(missingIn(platform, Object.fromEntries(missing.map((id) => [id, "x"])))).toEqual([]);
  }
  const [github] = platforms;
  expect(rulesSoFar(github, {}).claims).toEqual([{ name: "sub", value: "repo:…:…" }]);
  expect(rulesSoFar(github, { repository: "acme/shop" }).claims).toEqual([{ name: "sub", value: "repo:acme/shop:…" }]);
});
