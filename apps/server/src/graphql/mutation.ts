import type { Actor, Answer, Permission, ShownOnce } from "@mintmark/domain";
import type { InputFieldMap, ObjectRef } from "@pothos/core";
import { carrier, needs } from "./authorise.ts";
import { builder, type GraphqlContext, type Types } from "./builder.ts";
import { failureCodes, type Outcome, outcomeOf, type UserError } from "./outcome.ts";

export const FailureCodeEnum = builder.enumType("FailureCode", {
  description: "Why a call was refused. Codes are stable; messages are for people.",
  values: Object.fromEntries(
    Object.entries(failureCodes).map(([code, description]) => [code, { description, value: code }]),
  ),
});

const UserErrorRef = builder.objectRef<UserError>("UserError");
UserErrorRef.implement({
  description: "An expected failure: what happened and why, and what to do.",
  ...carrier,
  fields: (t) => ({
    code: t.field({ type: FailureCodeEnum, resolve: (error) => error.code }),
    message: t.exposeString("message"),
    path: t.field({
      type: ["String"],
      description: "The member of the input that it is about, from the outside in; empty for the call as a whole.",
      resolve: (error) => [...error.path],
    }),
    fix: t.exposeString("fix"),
  }),
});

type InputFields = (t: PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">) => InputFieldMap;
/** The members of a payload beside `userErrors`. */
export type PayloadFields = (
  t: PothosSchemaTypes.ObjectFieldBuilder<Types, Outcome>,
) => Record<string, ReturnType<PothosSchemaTypes.ObjectFieldBuilder<Types, Outcome>["field"]>>;

interface Mutation {
  readonly permission: Permission;
  readonly description: string;
  readonly input: InputFields;
  readonly run: (
    actor: Actor,
    raw: Readonly<Record<string, unknown>>,
    context: GraphqlContext,
  ) => Promise<Answer & Pick<Outcome, "mail">>;
  readonly payload: PayloadFields;
  /** Its answer holds a secret, which a repeated call does not get; a function where that depends on the input. */
  readonly showsSecret?: true | ((input: Readonly<Record<string, unknown>>) => boolean);
}

/** Adds a mutation with one `input` and a payload that holds the thing and `userErrors`. */
export function mutation(name: string, { permission, description, input, run, payload, showsSecret }: Mutation): void {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  const Input = builder.inputType(`${capital}Input`, {
    fields: (t) => ({
      ...input(t),
      clientMutationId: t.field({ type: "MutationId", description: "Makes the call safe to repeat for 24 hours." }),
    }),
  });
  const Payload = builder.objectRef<Outcome>(`${capital}Payload`);
  Payload.implement({
    ...carrier,
    fields: (t) => ({
      ...payload(t),
      userErrors: t.field({
        type: [UserErrorRef],
        complexity: { field: 1, multiplier: 1 },
        resolve: (outcome) => [...outcome.userErrors],
      }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      ...needs(permission),
      description,
      type: Payload,
      args: { input: t.arg({ type: Input, required: true }) },
      resolve: (_, args, context) =>
        outcomeOf(() => run(context.actor, { ...args.input }, context), isShown(showsSecret, args.input)),
    }),
  );
}

const isShown = (showsSecret: Mutation["showsSecret"], input: object): boolean =>
  typeof showsSecret === "function" ? showsSecret({ ...input }) : showsSecret === true;

/** The changed thing as it is now; null when nothing was changed, and when the caller may not see it. */
export const changed =
  <T>(
    name: string,
    type: ObjectRef<Types, T>,
    load: (actor: Actor, id: string) => Promise<T | undefined>,
  ): PayloadFields =>
  (t) => ({
    [name]: t.field({
      type,
      nullable: true,
      resolve: (({ id }: Outcome, _: object, { actor }: { actor: Actor }) =>
        id === undefined ? undefined : load(actor, id)) as never,
    }),
  });

/** The id of what is gone now; null when nothing was deleted. */
export const deleted =
  (
    name: string,
    type:
      | "WorkspaceId"
      | "ResourceId"
      | "ScopeId"
      | "RoleId"
      | "AssignmentId"
      | "ClientId"
      | "ClientGrantId"
      | "ClientAuthorityId"
      | "TokenId"
      | "MemberId"
      | "SsoProviderId"
      | "WebhookId",
  ): PayloadFields =>
  (t) => ({ [name]: t.field({ type, nullable: true, resolve: ({ id }) => id }) });

/** One member of what is shown once; null in a repeated call and where nothing was done. */
export const shownOnce = (outcome: Outcome, member: keyof ShownOnce): string | undefined => outcome.secret?.[member];
