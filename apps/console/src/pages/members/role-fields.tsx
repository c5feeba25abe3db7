import { type Failure, sentence } from "../../server/ask.ts";
import { Select } from "../../ui/field.tsx";
import { ALL, type RoleDraft, type RoleOption } from "./roles-of.ts";
import { words } from "./text.ts";

const { give: say } = words;

export interface Places {
  readonly roles: readonly RoleOption[];
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
  /** There are more than these. */
  readonly cut: { readonly roles: boolean; readonly workspaces: boolean };
}

/** Which role, and where it counts. */
export function RoleFields({
  roles,
  workspaces,
  cut,
  value,
  onChange,
  problemAt,
}: Places & {
  value: RoleDraft;
  onChange: (value: RoleDraft) => void;
  /** What is wrong with a member of it. */
  problemAt: (member: "roleId" | "targetWorkspaceId") => Failure | undefined;
}) {
  const role = roles.find(({ id }) => id === value.roleId);
  const isSystem = role?.kind === "system";
  const problem = (member: "roleId" | "targetWorkspaceId") => {
    const failure = problemAt(member);
    return failure && sentence(failure);
  };
  const choose = (roleId: string) => {
    const next = roles.find(({ id }) => id === roleId);
    onChange({ roleId, place: next?.kind === "system" ? ALL : value.place });
  };
  return (
    <>
      <Select
        label={say.role}
        value={value.roleId}
        onChange={choose}
        choices={[
          { value: "", label: say.choose, disabled: true },
          ...roles.map(({ id, name, mayGive }) => ({
            value: id,
            label: mayGive ? name : `${name} (${say.beyond})`,
            disabled: !mayGive,
          })),
        ]}
        help={role?.description || (cut.roles ? say.cut : undefined)}
        error={problem("roleId")}
      />
      <Select
        label={say.place}
        value={value.place}
        onChange={(place) => onChange({ ...value, place })}
        choices={[
          { value: "", label: say.choosePlace, disabled: true },
          { value: ALL, label: say.everywhere },
          ...(isSystem ? [] : workspaces).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        help={isSystem ? say.systemPlace : cut.workspaces ? say.cut : undefined}
        error={problem("targetWorkspaceId")}
      />
    </>
  );
}

/** The failure about a member of the input, or of one item of a list in it. */
export const failureAt = (failures: readonly Failure[], ...path: readonly string[]): Failure | undefined =>
  failures.find((failure) => path.every((step, at) => failure.path[at] === step));
