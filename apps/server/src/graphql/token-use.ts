import { type ClientTokenUse, listTokenUses } from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { ClientRef } from "./refs.ts";

const TokenCheckEnum = builder.enumType("TokenCheck", {
  description: "How an API asked about a token.",
  values: {
    INTROSPECTION: { value: "introspection", description: "By itself (RFC 7662)." },
    FORWARD_AUTH: { value: "forward_auth", description: "Its reverse proxy asked the verify endpoint." },
  } as const,
});

const TokenUseRef = builder.objectRef<ClientTokenUse>("TokenUse").implement({
  description:
    "Uses of one kind of a client's tokens: at one API, for the same scopes, from one address, with one outcome.",
  ...carrier,
  fields: (t) => ({
    resource: t.expose("resource", { type: "ResourceIdentifier", description: "Identifier of the API." }),
    checkedBy: t.expose("checkedBy", { type: TokenCheckEnum }),
    scope: t.exposeString("scope", {
      nullable: true,
      description:
        "What the API needed, where it said so; else what the token was good for there. Null: it was refused.",
    }),
    address: t.exposeString("address", { description: "Of the API, or of its proxy." }),
    reason: t.exposeString("reason", { nullable: true, description: "Why it was refused. Null: it was accepted." }),
    firstAt: t.expose("firstAt", { type: "DateTime" }),
    lastAt: t.expose("lastAt", { type: "DateTime" }),
    uses: t.exposeFloat("uses", { description: "How often, as far back as this is kept: 90 days." }),
  }),
});

builder.objectField(ClientRef, "tokenUses", (t) =>
  t.field({
    ...needs("token-log:read"),
    description:
      "How its tokens were used at APIs that ask about them here, the last first, at most 100; a use is there within a few seconds. An API that checks tokens by itself reports nothing.",
    type: [TokenUseRef],
    nullable: true,
    complexity: { field: 1, multiplier: 20 },
    resolve: async ({ id }, _, { actor }) => {
      const uses = await listTokenUses(actor, id);
      return uses && [...uses];
    },
  }),
);
