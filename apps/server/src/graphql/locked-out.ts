import { clientsLockedOutBy, type LockedOutClient } from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { AuthenticationMethod } from "./enums.ts";
import { ClientRef, LockedOutRef, WorkspaceRef } from "./refs.ts";

const LockedOutClientRef = builder.objectRef<LockedOutClient>("LockedOutClient");
LockedOutClientRef.implement({
  ...carrier,
  fields: (t) => ({
    client: t.field({ type: ClientRef, resolve: ({ client }) => client }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      nullable: true,
      description: "When one of its credentials was used last; null is never.",
    }),
  }),
});

LockedOutRef.implement({
  description: "Clients that could not authenticate any more.",
  ...carrier,
  fields: (t) => ({
    count: t.exposeInt("count"),
    clients: t.field({
      description: "The twenty that were used last.",
      type: [LockedOutClientRef],
      complexity: { field: 1, multiplier: 20 },
      resolve: ({ clients }) => [...clients],
    }),
  }),
});

builder.objectField(WorkspaceRef, "clientsLockedOutBy", (t) =>
  t.field({
    ...needs("client:read"),
    description:
      "Whom it would lock out if this workspace allowed these ways of authenticating only: active clients that can authenticate now, and none of whose living credentials is good for one of them. Ask before lowering the ceiling.",
    type: LockedOutRef,
    nullable: true,
    args: { methods: t.arg({ type: [AuthenticationMethod], required: true }) },
    resolve: ({ id }, { methods }, { actor }) => clientsLockedOutBy(actor, id, methods),
  }),
);
