/** The words of a tenant's home. */
export const tenantWords = {
  title: "Workspaces",
  lead: "A workspace has its own issuer, keys, APIs and clients. One per product and environment is usual.",
  create: "Create workspace",
  mayNot: "You need the permission workspace:create. Ask an owner of the tenant.",
  custom: "Your workspaces",
  name: "Workspace",
  slug: "Name in addresses",
  issuer: "Issuer",
  state: "State",
  created: "Created",
  states: { ACTIVE: "Active", SUSPENDED: "Suspended" },
  empty: "No workspace for your own APIs yet. Create one, and it can issue tokens at once.",
  which: "Which one do I want?",
  special: "Special workspaces",
  specialLead: "They come with the tenant. Their clients call Mintmark itself, not your APIs.",
  kinds: {
    CUSTOM: { name: "A workspace of your own", help: "For services that call your APIs. Nearly always this one." },
    ADMIN: {
      name: "Admin workspace",
      help: "For scripts that create clients, rotate secrets or read the audit log of this tenant.",
    },
    SYSTEM: {
      name: "System workspace",
      help: "For automation across workspaces, and in the root tenant across tenants.",
    },
  },
  closed: "What is in it is for owners and for members assigned there.",
  open: (name: string) => `Open ${name}`,
  hidden: "You do not see it: it is for owners and those assigned there.",
  enterTitle: (name: string) => `Open ${name}?`,
  enter: {
    ADMIN:
      "Credentials made here can change this tenant: its clients, access and keys. For a service that calls your own API, use a workspace of your own.",
    SYSTEM:
      "Credentials made here reach across all workspaces of this tenant. For a service that calls your own API, use a workspace of your own.",
  },
  sheet: {
    title: "Create workspace",
    name: "Name",
    nameHelp: "What people call it. It can be changed.",
    slugHelp: "a to z, 0 to 9 and hyphens. It never changes: it is part of the issuer in every token.",
    submit: "Create workspace",
    discard: { title: "Leave without a workspace?", body: "What you have entered is lost.", leave: "Leave" },
    made: (name: string) => `${name} can issue tokens now`,
  },
} as const;
