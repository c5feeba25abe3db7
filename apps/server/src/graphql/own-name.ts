import { updateOwnName } from "@mintmark/domain";
import { changed, mutation } from "./mutation.ts";
import { ViewerRef } from "./viewer.ts";

mutation("updateOwnName", {
  permission: "own-name:write",
  description:
    "Changes what others call the person who is signed in: in their account, and in every tenant that they belong to.",
  run: updateOwnName,
  input: (t) => ({ name: t.string({ required: true }) }),
  payload: changed("viewer", ViewerRef, async (actor) => actor),
});
