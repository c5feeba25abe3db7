import { describe, expect, test } from "vitest";
import {
  type BuiltInRole,
  builtInRoles,
  type Permission,
  permissionNames,
  type WorkspaceTarget,
} from "./permission.ts";
import {
  anonymous,
  authorise,
  type ClientPrincipal,
  holds,
  type MemberPrincipal,
  mayMakeOwners,
  notHeld,
  type Power,
  type ShellPrincipal,
} from "./principal.ts";

const payments: WorkspaceTarget = { workspaceId: "wsp_payments", kind: "custom" };
const shipping: WorkspaceTarget = { workspaceId: "wsp_shipping", kind: "custom" };
const admin: WorkspaceTarget = { workspaceId: "wsp_admin", kind: "admin" };
const system: WorkspaceTarget = { workspaceId: "wsp_system", kind: "system" };

const role = (name: BuiltInRole, target: WorkspaceTarget | "all" = "all"): Power => ({
  scopes: new Set<string>(builtInRoles[name]),
  target: target === "all" ? "all" : target.workspaceId,
  builtInRole: name,
});
const grant = (...scopes: Permission[]): Power => ({ scopes: new Set(scopes), target: "all", builtInRole: undefined });

const client = (powers: readonly Power[], changes: Partial<ClientPrincipal> = {}): ClientPrincipal => ({
  kind: "client",
  tenantId: "ten_acme",
  isRootTenant: false,
  workspaceId: admin.workspaceId,
  clientId: "cli_robot",
  api: "admin",
  tokenScopes: new Set(permissionNames),
  powers,
  ...changes,
});

const owner = client([role("owner")]);
const administrator = client([role("admin")]);
const developer = client([role("developer")]);
const paymentsDeveloper = client([role("developer", payments)]);
const auditor = client([role("auditor")]);
const operator = client([role("operator")], { api: "system", workspaceId: system.workspaceId });
const rootOperator = { ...operator, isRootTenant: true };
const shell: ShellPrincipal = { kind: "cli", tenantId: "ten_acme", isRootTenant: false };
const may = holds;

describe("the table of who may what", () => {
  test.each([
    ["an owner creates clients in a custom workspace", may(owner, "client:write", payments), true],
    ["an owner creates clients in the admin workspace", may(owner, "client:write", admin), true],
    ["an owner creates clients in the system workspace", may(owner, "client:write", system), true],
    ["an owner deletes workspaces", may(owner, "workspace:delete", payments), true],
    ["an admin creates workspaces", may(administrator, "workspace:create", null), true],
    ["an admin deletes no workspace", may(administrator, "workspace:delete", payments), false],
    ["an admin does not see clients of the admin workspace", may(administrator, "client:read", admin), false],
    ["an admin gives roles of the admin workspace", may(administrator, "assignment:write", admin), true],
    ["an admin sees the audit log", may(administrator, "audit:read", admin), true],
    ["a developer creates clients", may(developer, "client:write", payments), true],
    ["a developer grants scopes", may(developer, "client-grant:write", payments), true],
    ["a developer does not see the audit log", may(developer, "audit:read", payments), false],
    ["a developer creates no workspace", may(developer, "workspace:create", null), false],
    ["a developer of one workspace works there", may(paymentsDeveloper, "client:write", payments), true],
    ["a developer of one workspace has nothing elsewhere", may(paymentsDeveloper, "client:read", shipping), false],
    ["an auditor sees clients", may(auditor, "client:read", payments), true],
    ["an auditor creates none", may(auditor, "client:write", payments), false],
    ["an auditor revokes nothing", may(auditor, "token:revoke", payments), false],
    ["an operator changes the tenant's settings", may(operator, "tenant-settings:write", null), true],
    ["an operator of a tenant that is not the root sees no tenants", may(operator, "tenant:read", null), false],
    ["an operator of the root tenant creates tenants", may(rootOperator, "tenant:create", null), true],
    ["an operator's token opens nothing of the Admin API", may(operator, "client:read", payments), false],
    ["an owner's token opens nothing of the System API", may(owner, "tenant-settings:read", null), false],
    ["nobody sees nothing", may(anonymous, "workspace:read", payments), false],
    ["a shell may everything in its tenant", may(shell, "client:write", admin), true],
    ["a shell of a tenant that is not the root creates no tenants", may(shell, "tenant:create", null), false],
  ])("%s", (_sentence, decision, expected) => {
    expect(decision).toBe(expected);
  });
});

describe("a token", () => {
  test("never opens more than its scopes, whatever the client holds", () => {
    const narrow = { ...owner, tokenScopes: new Set<string>(["client:read"]) };
    expect(holds(narrow, "client:read", payments)).toBe(true);
    expect(holds(narrow, "client:write", payments)).toBe(false);
  });

  test("opens nothing that the client holds no longer", () => {
    expect(holds(client([]), "client:read", payments)).toBe(false);
  });

  test("with a write scope also reads what it writes", () => {
    const writer = client([grant("client:write")], { tokenScopes: new Set(["client:write"]) });
    expect(holds(writer, "client:read", payments)).toBe(true);
    expect(holds(writer, "client-secret:read", payments)).toBe(false);
  });
});

describe("a personal token", () => {
  const session: MemberPrincipal = {
    kind: "member",
    tenantId: "ten_1",
    isRootTenant: false,
    memberId: "mem_1",
    userId: "usr_1",
    powers: [role("owner")],
    authenticatedAt: new Date(),
  };
  const token: MemberPrincipal = { ...session, personalTokenId: "ptk_1", authenticatedAt: new Date(0) };

  test("may what its person may, but for what only a session may", () => {
    expect(holds(token, "client:write", payments)).toBe(true);
    expect([holds(session, "personal-token:write", null), holds(token, "personal-token:write", null)]).toEqual([
      true,
      false,
    ]);
    expect(holds(owner, "personal-token:write", null)).toBe(false);
    expect(notHeld(token, ["workspace:delete"], "all")).toEqual([]);
  });

  test("that was narrowed does no more, and owns nothing", () => {
    const narrow: MemberPrincipal = { ...token, tokenScopes: new Set(["client:read"]) };
    expect(holds(narrow, "client:read", payments)).toBe(true);
    expect(holds(narrow, "client:write", payments)).toBe(false);
    expect(notHeld(narrow, ["workspace:delete"], "all")).toEqual(["workspace:delete"]);
  });
});

describe("a direct grant", () => {
  const granted = client([grant("client:write", "resource:write")]);
  test("counts in every workspace", () => {
    expect(holds(granted, "client:write", payments)).toBe(true);
    expect(holds(granted, "client:write", shipping)).toBe(true);
  });

  test("opens no closed workspace", () => {
    expect(holds(granted, "client:write", admin)).toBe(false);
    expect(holds(granted, "resource:write", admin)).toBe(true);
  });

  test("lends nothing to a role, and a role's place nothing to a grant", () => {
    const mixed = client([grant("client:read"), role("developer", payments)]);
    expect(holds(mixed, "client:read", shipping)).toBe(true);
    expect(holds(mixed, "client:write", shipping)).toBe(false);
    expect(holds(mixed, "client:write", payments)).toBe(true);
  });
});

describe("a refusal", () => {
  test("by a closed workspace says so to those who may do it elsewhere", () => {
    expect(authorise(administrator, "client:write", admin)).toEqual({ code: "WORKSPACE_CLOSED", kind: "admin" });
    expect(authorise(auditor, "client:write", admin)?.code).toBe("FORBIDDEN");
  });

  test("names the right API to a token of the other one", () => {
    expect(authorise(operator, "client:write", payments)?.code).toBe("WRONG_API");
  });

  test("asks nobody to sign in", () => {
    expect(authorise(anonymous, "client:read", payments)).toEqual({ code: "UNAUTHENTICATED" });
  });

  test("is not given where the permission is held", () => {
    expect(authorise(developer, "client:write", payments)).toBeUndefined();
  });

  test("lets those assigned in a closed workspace in", () => {
    const assigned = client([role("developer", admin)]);
    expect(authorise(assigned, "client:write", admin)).toBeUndefined();
    expect(authorise(assigned, "client:write", system)).toBeDefined();
  });
});

describe("nobody passes on more than they hold", () => {
  test.each([
    ["an owner passes on everything of the Admin API", notHeld(owner, builtInRoles.owner, "all"), []],
    ["an owner passes on tenant settings", notHeld(owner, ["tenant-settings:write"], "all"), []],
    ["an owner passes on nothing of the installation", notHeld(owner, ["tenant:create"], "all"), ["tenant:create"]],
    [
      "an admin passes on neither deletion, erasure, the end of a signing key, a lost account nor who says who somebody is",
      notHeld(administrator, builtInRoles.owner, "all"),
      ["workspace:delete", "member:reset", "member:erase", "sso-provider:write", "signing-key:revoke"],
    ],
    [
      "a developer of one workspace passes on nothing everywhere",
      notHeld(paymentsDeveloper, ["client:read"], "all"),
      ["client:read"],
    ],
    [
      "what is about the tenant is no power for one workspace",
      notHeld(paymentsDeveloper, ["member:read"], payments),
      [],
    ],
    [
      "a developer of one workspace passes on nothing about the tenant",
      notHeld(paymentsDeveloper, ["member:read"], "all"),
      ["member:read"],
    ],
    ["a developer of one workspace passes it on there", notHeld(paymentsDeveloper, ["client:write"], payments), []],
    [
      "a developer of one workspace passes nothing on elsewhere",
      notHeld(paymentsDeveloper, ["client:write"], shipping),
      ["client:write"],
    ],
    [
      "who may not enter a closed workspace opens it to nobody",
      notHeld(administrator, ["client:write"], admin),
      ["client:write"],
    ],
    ["a name that is no permission is not held", notHeld(owner, ["everything"], "all"), ["everything"]],
    ["an operator passes on nothing of the Admin API", notHeld(operator, ["client:read"], "all"), ["client:read"]],
    ["nobody passes on nothing", notHeld(anonymous, ["client:read"], "all"), ["client:read"]],
    ["a shell passes on everything", notHeld(shell, ["client:write"], "all"), []],
  ])("%s", (_sentence, lacking, expected) => {
    expect(lacking).toEqual(expected);
  });

  test("an owner with a narrow token passes on only what the token says", () => {
    const narrow = { ...owner, tokenScopes: new Set<string>(["client-grant:write", "client:read"]) };
    expect(notHeld(narrow, ["client:read", "client-secret:write"], "all")).toEqual(["client-secret:write"]);
  });

  test("only owners everywhere, and the shell, make owners", () => {
    expect(mayMakeOwners(owner)).toBe(true);
    expect(mayMakeOwners(shell)).toBe(true);
    expect(mayMakeOwners(client([role("owner", payments)]))).toBe(false);
    expect(mayMakeOwners(administrator)).toBe(false);
    expect(mayMakeOwners(client([grant(...builtInRoles.owner)]))).toBe(false);
    expect(mayMakeOwners(anonymous)).toBe(false);
  });
});
