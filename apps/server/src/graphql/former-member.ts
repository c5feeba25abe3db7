import { eraseMember, getFormerMember, listFormerMembers } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { changed, mutation } from "./mutation.ts";
import { FormerMemberConnection, FormerMemberRef } from "./refs.ts";

FormerMemberRef.implement({
  description: "Somebody who was removed from the tenant, as the audit log goes on calling them.",
  ...needs("member-account:read"),
  fields: (t) => ({
    id: t.expose("id", { type: "MemberId", description: "The id that they had: what they did stays under it." }),
    name: t.exposeString("name", { description: "Their name, or what stands for it once they were erased." }),
    removedAt: t.expose("removedAt", { type: "DateTime" }),
    erasedAt: t.expose("erasedAt", {
      type: "DateTime",
      nullable: true,
      description: "When what named them was erased; null: it was not.",
    }),
  }),
});

builder.queryField("formerMembers", (t) =>
  t.field({
    ...needs("member-account:read"),
    description: "Who was removed from the tenant, the latest first.",
    type: FormerMemberConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: (_, args, { actor }) => listFormerMembers(actor, pageOf(args)),
  }),
);

mutation("eraseMember", {
  permission: "member:erase",
  description:
    "Erases what names a former member, for good: name, addresses, from where they worked, what they named, and their account where no other tenant has them. What they did stays, under their id and a name that says nothing; every chain of the audit log verifies as before. Erasing twice takes what has come since.",
  run: eraseMember,
  input: (t) => ({ id: t.field({ type: "MemberId", required: true }) }),
  payload: changed("formerMember", FormerMemberRef, getFormerMember),
});
