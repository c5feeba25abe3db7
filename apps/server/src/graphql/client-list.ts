import type { ClientFilter, ClientState } from "@mintmark/domain";
import type { ArgBuilder } from "@pothos/core";
import { carrier, needs } from "./authorise.ts";
import { builder, type Types } from "./builder.ts";
import { ClientSortEnum, ClientStateEnum, SortDirection } from "./enums.ts";
import { loadClientSummary } from "./load.ts";
import { ClientConnection, ClientCountsRef, ClientRef, ClientSummaryRef } from "./refs.ts";

/** How a list of clients may be searched, narrowed and sorted. */
export const clientListArgs = (arg: ArgBuilder<Types>) => ({
  search: arg.string({ description: "Part of a name, a client id or an id." }),
  state: arg({ type: ClientStateEnum }),
  sort: arg({ type: ClientSortEnum, description: "CREATED when left out." }),
  direction: arg({
    type: SortDirection,
    description: "Left out: ASCENDING by name, otherwise DESCENDING. A cursor is good for the sort it was made by.",
  }),
});

interface FilterArgs {
  readonly search?: string | null | undefined;
  readonly state?: ClientState | null | undefined;
}

export const filterOf = ({ search, state }: FilterArgs): ClientFilter => ({
  search: search ?? undefined,
  state: state ?? undefined,
});

builder.objectFields(ClientConnection, (t) => ({
  totalCount: t.int({
    description: "How many there are in all pages.",
    resolve: (page) => page.count(),
  }),
}));

ClientCountsRef.implement({
  ...carrier,
  fields: (t) => ({
    all: t.exposeInt("all"),
    active: t.exposeInt("active"),
    disabled: t.exposeInt("disabled"),
    waiting: t.exposeInt("waiting"),
    neverUsed: t.exposeInt("never_used"),
    credentialExpiring: t.exposeInt("credential_expiring"),
    credentialExpired: t.exposeInt("credential_expired"),
  }),
});

interface CredentialSpan {
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

const CredentialSpanRef = builder.objectRef<CredentialSpan>("CredentialSpan");
CredentialSpanRef.implement({
  ...carrier,
  fields: (t) => ({
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
  }),
});

ClientSummaryRef.implement({
  description: "What a list says of a client; loaded for a whole page at once.",
  ...carrier,
  fields: (t) => ({
    resources: t.exposeInt("resources", { description: "How many resources it may ask tokens for." }),
    scopes: t.exposeInt("scopes", { description: "How many scopes it is granted there in all." }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      nullable: true,
      description: "When one of its credentials was used last, to the minute; null is never.",
    }),
    credential: t.field({
      type: CredentialSpanRef,
      nullable: true,
      description: "Its credential that lives longest, revoked ones aside; null where it has none.",
      resolve: ({ credential }) => credential,
    }),
  }),
});

builder.objectField(ClientRef, "summary", (t) =>
  t.field({
    ...needs("client-secret:read"),
    type: ClientSummaryRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => loadClientSummary(actor, id),
  }),
);
