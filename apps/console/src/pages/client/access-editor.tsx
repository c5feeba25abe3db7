import { useMemo, useState } from "react";
import { plural } from "../../format.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { SearchField } from "../../ui/field.tsx";
import { ScopeGrid } from "../../ui/scope-grid.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { LeaveGuard } from "../settings/leave-guard.tsx";
import { SaveBar } from "../settings/save-bar.tsx";
import {
  type Api,
  type ApiChange,
  apisOf,
  changesOf,
  type Grant,
  grantedIn,
  gridOf,
  matching,
} from "./access-changes.ts";
import { words } from "./text.ts";

const setClientGrant = graphql(`
  mutation SetClientGrant($input: SetClientGrantInput!) {
    setClientGrant(input: $input) {
      clientGrant {
        id
        scopes
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

/** From how many scopes on a search helps. */
const MANY = 12;

/** "adds 2, removes 1" */
function summaryOf(changes: readonly ApiChange[]): string {
  const added = changes.reduce((sum, change) => sum + change.added.length, 0);
  const removed = changes.reduce((sum, change) => sum + change.removed.length, 0);
  const { access } = words;
  return [added > 0 ? access.adds(added) : "", removed > 0 ? access.removes(removed) : ""].filter(Boolean).join(", ");
}

function Details({ changes }: { changes: readonly ApiChange[] }) {
  const { access } = words;
  const lines = (["added", "removed"] as const).flatMap((side) => {
    const scopes = changes.flatMap(({ api, [side]: names }) => names.map((name) => ({ name, api: api.name })));
    return scopes.length > 0 ? [{ side, scopes }] : [];
  });
  return (
    <>
      {lines.map(({ side, scopes }) => (
        <p key={side} className="small soft">
          {side === "added" ? access.addList : access.removeList}{" "}
          {scopes.slice(0, 6).map(({ name, api }, at) => (
            <span key={`${api} ${name}`}>
              {at > 0 && ", "}
              <code>{name}</code> ({api})
            </span>
          ))}
          {scopes.length > 6 && `, +${scopes.length - 6}`}
          {side === "removed" && `. ${access.removeEffect}`}
        </p>
      ))}
    </>
  );
}

/** Saves API by API; stops at the first refusal and says how far it came. */
function useSave(clientId: string) {
  const set = useMutate(setClientGrant);
  return async (changes: readonly ApiChange[], side: "after" | "before"): Promise<string | undefined> => {
    const saved: string[] = [];
    for (const change of changes) {
      const done = await set({ clientId, resourceId: change.api.id, scopes: [...change[side]] });
      if (!done.ok) {
        const partly = changes.length > 1 ? `${words.access.partly(saved, change.api.name)} ` : "";
        return `${partly}${sentence(done.failures[0])}`;
      }
      saved.push(change.api.name);
    }
    return undefined;
  };
}

/** The scope grid with staged changes: nothing happens until it is saved, and saving can be undone. */
export function AccessEditor({
  client,
  listed,
  held,
  mayGrant,
}: {
  client: { readonly id: string; readonly name: string; readonly grants?: readonly Grant[] | null };
  listed: readonly Api[];
  /** What the person holds in every workspace. */
  held: readonly string[];
  mayGrant: boolean;
}) {
  const { access } = words;
  const [staged, setStaged] = useState<ReadonlySet<string> | null>(null);
  const [search, setSearch] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const save = useSave(client.id);
  const grants = client.grants ?? [];
  const apis = useMemo(() => apisOf(grants, listed), [grants, listed]);
  const groups = useMemo(
    () => gridOf(apis, grants, new Set(held), { scope: access.locked, api: access.lockedApi }),
    [apis, grants, held, access],
  );
  const granted = useMemo(() => grantedIn(groups), [groups]);
  const changes = useMemo(() => (staged ? changesOf(apis, grants, staged) : []), [apis, grants, staged]);
  const summary = summaryOf(changes);
  const submit = async () => {
    setPending(true);
    const failure = await save(changes, "after");
    setPending(false);
    setError(failure);
    if (failure !== undefined) return;
    setStaged(null);
    toast(access.saved(client.name, summary), async () => {
      const undone = await save(changes, "before");
      toast(undone === undefined ? text.toast.undone : `${text.toast.undoFailed} ${undone}`);
    });
  };
  const count = groups.reduce((sum, group) => sum + group.scopes.length, 0);
  const shown = matching(groups, search);
  return (
    <>
      {count > MANY && (
        <div className="filters">
          <SearchField label={access.search} placeholder={access.search} value={search} onChange={setSearch} />
          <span className="small muted num">{plural(count, "scope")}</span>
        </div>
      )}
      {shown.length === 0 && groups.length > 0 ? (
        <EmptyState>{access.noMatch}</EmptyState>
      ) : (
        <ScopeGrid groups={shown} value={staged ?? granted} onChange={setStaged} readOnly={!mayGrant} />
      )}
      {changes.length > 0 && (
        <SaveBar
          summary={`${access.unsaved} ${summary}`}
          details={<Details changes={changes} />}
          save={access.save}
          pending={pending}
          error={error}
          onSave={() => void submit()}
          onDiscard={() => {
            setStaged(null);
            setError(undefined);
          }}
        />
      )}
      <LeaveGuard dirty={changes.length > 0 && !pending} question={access.leave} />
    </>
  );
}
