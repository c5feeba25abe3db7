import { useState } from "react";
import type { Failure } from "../../server/ask.ts";
import { problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Expiry, endOf, expiryProblem } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
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
  const { roles: say, add } = words;
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
    if (missing !== undefined || pending) return;
    if (expiryProblem(expiry, null, now)) {
      setFailures([{ code: "INVALID_INPUT", message: add.pastDate, fix: "", path: ["expiresAt"] }]);
      return;
    }
    const end = endOf(expiry, now);
    setPending(true);
    const done = await give({
      roleId,
      clientId: client.id,
      ...(target === ALL ? { everywhere: true } : { targetWorkspaceId: target }),
      expiresAt: end ? new Date(end).toISOString() : null,
    });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.gave(role?.name ?? "", targets.find(({ value }) => value === target)?.label ?? ""));
    onClose();
  };
  useShortcuts({ "mod+Enter": () => void submit() }, true);
  const general = failures.filter(({ path }) => !FIELDS.includes(path.at(-1) ?? ""));
  return (
    <Sheet
      open
      title={`${say.add}: ${client.name}`}
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <Button
            variant="primary"
            shortcut="⌘↵"
            disabledReason={missing}
            pending={pending}
            onPress={() => void submit()}
          >
            {say.add}
          </Button>
        </>
      }
    >
      {general.map((failure) => (
        <Banner key={failure.message} tone="bad">
          {sentence(failure)}
        </Banner>
      ))}
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
    </Sheet>
  );
}
