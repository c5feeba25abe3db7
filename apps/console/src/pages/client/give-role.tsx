import { useState } from "react";
import { type Failure, problemOf, wrongHere } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Select } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Expiry, expiryWrong, instantOf, NO_CEILING } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { words } from "./text.ts";

export const createAssignment = graphql(`
  mutation CreateAssignment($input: CreateAssignmentInput!) {
    createAssignment(input: $input) {
      assignment {
        id
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export interface RoleChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isBuiltIn: boolean;
}

const ALL = "all";
const FIELDS = ["roleId", "targetWorkspaceId", "everywhere", "expiresAt"];

/** Gives a client a role: which, where it counts, and until when. */
export function GiveRole({
  client,
  workspace,
  roles,
  workspaces,
  onClose,
}: {
  client: { readonly id: string; readonly name: string };
  workspace: { readonly id: string; readonly kind: string };
  roles: readonly RoleChoice[];
  workspaces: readonly { readonly id: string; readonly name: string }[];
  onClose: () => void;
}) {
  const { roles: say } = words;
  const isCustom = workspace.kind === "CUSTOM";
  const [roleId, setRoleId] = useState("");
  const [target, setTarget] = useState(isCustom ? workspace.id : workspace.kind === "SYSTEM" ? ALL : "");
  const [expiry, setExpiry] = useState<Expiry>({ preset: "never", day: "" });
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const give = useMutate(createAssignment);
  const role = roles.find(({ id }) => id === roleId);
  const missing = !role ? say.choose : target === "" ? say.chooseTarget : undefined;
  const targets = [
    ...(isCustom ? [] : [{ value: ALL, label: say.everywhere }]),
    ...(workspace.kind === "SYSTEM" ? [] : workspaces)
      .filter(({ id }) => !isCustom || id === workspace.id)
      .map(({ id, name }) => ({ value: id, label: name })),
  ];
  const submit = async () => {
    const now = Date.now();
    const wrong = expiryWrong(expiry, NO_CEILING, now);
    if (wrong) return setFailures([wrongHere(wrong, "expiresAt")]);
    setPending(true);
    const done = await give({
      roleId,
      clientId: client.id,
      ...(target === ALL ? { everywhere: true } : { targetWorkspaceId: target }),
      expiresAt: instantOf(expiry, now),
    });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.gave(role?.name ?? "", targets.find(({ value }) => value === target)?.label ?? ""));
    onClose();
  };
  return (
    <FormSheet
      title={`${say.add}: ${client.name}`}
      submit={say.add}
      onSubmit={() => void submit()}
      pending={pending}
      disabledReason={missing}
      failures={failures}
      fields={FIELDS}
      onClose={onClose}
    >
      <Select
        label={say.role}
        value={roleId}
        onChange={setRoleId}
        choices={[
          { value: "", label: roles.length === 0 ? say.noRoles : say.choose, disabled: true },
          ...roles.map(({ id, name, isBuiltIn }) => ({
            value: id,
            label: isBuiltIn ? `${name} (${say.builtIn})` : name,
          })),
        ]}
        help={role?.description}
        error={problemOf(failures, "roleId")}
      />
      <Select
        label={say.target}
        value={target}
        onChange={setTarget}
        choices={[{ value: "", label: say.chooseTarget, disabled: true }, ...targets]}
        help={isCustom ? say.customTarget : workspace.kind === "SYSTEM" ? say.systemTarget : undefined}
        error={problemOf(failures, "targetWorkspaceId") ?? problemOf(failures, "everywhere")}
      />
      <ExpiryField
        value={expiry}
        onChange={setExpiry}
        neverHelp={say.neverHelp}
        error={problemOf(failures, "expiresAt")}
      />
    </FormSheet>
  );
}
