import { useState } from "react";
import { number, plural } from "../../format.ts";
import { mayNot } from "../../may-not.ts";
import { type Failure, problemOf, wrongHere } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Banner } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { SetTenantLimits, type TenantRow, UpdateTenant } from "./documents.ts";
import { OwnerLinkSheet } from "./owner-link-sheet.tsx";
import { isOtherLimit, limitOf, shapes, stateOf } from "./state.ts";
import { words } from "./text.ts";
import { useActs } from "./use-acts.tsx";

const { sheet: say } = words;
const FIELDS = ["name", "workspaceLimit", "clientLimit"];

const shown = (limit: number | null | undefined): string => (limit == null ? "" : number(limit));

function Facts({ tenant }: { tenant: TenantRow }) {
  const { slug, id, createdAt, deletedAt, restorableUntil, summary, isRoot } = tenant;
  const state = stateOf(tenant);
  return (
    <>
      {deletedAt && restorableUntil && (
        <Banner tone="warn">
          {say.until} <Time at={Date.parse(restorableUntil)} />. {say.erased}
        </Banner>
      )}
      <KeyValueList
        items={[
          { label: words.columns.status, value: <Badge status={shapes[state]}>{words.status[state]}</Badge> },
          { label: say.slug, value: isRoot ? `${slug} (${words.root.toLowerCase()})` : slug, mono: true, copy: slug },
          { label: say.id, value: id, mono: true, copy: id },
          { label: say.created, value: <Time at={Date.parse(createdAt)} /> },
          ...(summary?.awaitsOwner ? [{ label: say.owner, value: say.awaitsOwner }] : []),
          ...(summary
            ? [
                {
                  label: say.holds,
                  value: say.both(plural(summary.workspaces, "workspace"), plural(summary.clients, "client")),
                },
                {
                  label: say.does,
                  value: say.both(plural(summary.issued, "token"), say.denied(number(summary.refused))),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

/** What the form holds, and how it is saved: the name, and what the tenant may have at most. */
function useForm({ id, name, workspaceLimit, clientLimit }: TenantRow) {
  const [typed, setTyped] = useState({
    name,
    workspaceLimit: shown(workspaceLimit),
    clientLimit: shown(clientLimit),
  });
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const [update, setLimits] = [useMutate(UpdateTenant), useMutate(SetTenantLimits)];
  const isRenamed = typed.name.trim() !== name;
  const isLimited = isOtherLimit(typed.workspaceLimit, workspaceLimit) || isOtherLimit(typed.clientLimit, clientLimit);
  const limits = { workspaceLimit: limitOf(typed.workspaceLimit), clientLimit: limitOf(typed.clientLimit) };
  const save = async () => {
    const wrong = (["workspaceLimit", "clientLimit"] as const)
      .filter((member) => limits[member] === undefined)
      .map((member) => wrongHere(say.badNumber, member));
    if (wrong.length > 0) return setFailures(wrong);
    setPending(true);
    const { workspaceLimit: most = null, clientLimit: mostClients = null } = limits;
    const limited = isLimited ? await setLimits({ id, workspaceLimit: most, clientLimit: mostClients }) : undefined;
    const renamed = isRenamed ? await update({ id, name: typed.name.trim() }) : undefined;
    setPending(false);
    const refused = [limited, renamed].flatMap((done) => (done && !done.ok ? done.failures : []));
    setFailures(refused);
    if (refused.length === 0) toast(say.saved(typed.name.trim()));
  };
  const change = (member: keyof typeof typed) => (value: string) => setTyped({ ...typed, [member]: value });
  return { typed, change, failures, pending, save, isTouched: isRenamed || isLimited };
}

/** One tenant: what it is and does, its name and limits, and what may be done with it as a whole. */
export function TenantSheet({
  tenant,
  may,
  onClose,
}: {
  tenant: TenantRow;
  may: readonly string[];
  onClose: () => void;
}) {
  const { typed, change, failures, pending, save, isTouched } = useForm(tenant);
  const [isLinking, setLinking] = useState(false);
  const { acts, dialogs } = useActs(tenant, may, () => setLinking(true));
  const locked = mayNot(may, "tenant:write");
  const field = (member: keyof typeof typed) => ({
    value: typed[member],
    onChange: change(member),
    error: problemOf(failures, member),
    disabled: locked !== undefined,
  });
  if (isLinking) return <OwnerLinkSheet tenant={tenant} onClose={() => setLinking(false)} />;
  return (
    <>
      <FormSheet
        title={tenant.name}
        submit={say.save}
        cancel={text.dialog.close}
        onSubmit={() => void save()}
        pending={pending}
        disabledReason={locked ?? (isTouched ? undefined : say.nothing)}
        failures={failures}
        fields={FIELDS}
        guard={isTouched ? say.discard : undefined}
        onClose={onClose}
      >
        <Facts tenant={tenant} />
        <TextField label={say.name} {...field("name")} />
        <TextField label={say.workspaceLimit} {...field("workspaceLimit")} inputMode="numeric" optional />
        <TextField
          label={say.clientLimit}
          {...field("clientLimit")}
          help={say.limitsHelp}
          inputMode="numeric"
          optional
        />
        <h3>{say.whole}</h3>
        {tenant.isRoot ? (
          <p className="small muted">{say.protected}</p>
        ) : (
          <ul className="panel ruled">
            {acts.map(({ action, help }) => (
              <li key={action.id} className="act">
                <div className="grow">
                  <b>{action.label}</b>
                  <p className="small muted">{help}</p>
                </div>
                <Button
                  variant={action.danger ? "danger" : "secondary"}
                  disabledReason={action.disabledReason}
                  onPress={action.onAction}
                >
                  {action.label}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </FormSheet>
      {/* Their forms are their own: none stands in another. */}
      {dialogs}
    </>
  );
}
