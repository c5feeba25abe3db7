import { useMemo, useState } from "react";
import { plural } from "../../format.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { SearchField } from "../../ui/field.tsx";
import { ScopeGrid, type ScopeGroup } from "../../ui/scope-grid.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { LeaveGuard } from "../settings/leave-guard.tsx";
import { SaveBar } from "../settings/save-bar.tsx";
import {
  type Api,
  type ApiChange,
  apisOf,
  type Choice,
  changesOf,
  choiceOf,
  chosenOn,
  type Grant,
  grantedIn,
  gridOf,
  livingGrants,
  matching,
  NO_CHOICE,
} from "./access-changes.ts";
import { setClientGrant } from "./documents.ts";
import { GrantEnd } from "./grant-end.tsx";
import { words } from "./text.ts";

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

interface Unsaved {
  readonly failure: Failure;
  /** How far it came, where there was more than one API. */
  readonly partly: string;
}

/** Saves API by API, where it is still as it was seen; stops at the first refusal and says how far it came. */
function useSave(clientId: string) {
  const set = useMutate(setClientGrant);
  return async (changes: readonly ApiChange[], from: "before" | "after"): Promise<Unsaved | undefined> => {
    const to = from === "before" ? "after" : "before";
    const saved: string[] = [];
    for (const { api, expiresAt, [from]: seen, [to]: scopes } of changes) {
      // What it held is given back with its end; else the end is left as it is.
      const end = seen.length === 0 ? { expiresAt } : {};
      const input = { clientId, resourceId: api.id, scopes: [...scopes], expectedScopes: [...seen], ...end };
      const done = await set(input);
      if (!done.ok)
        return {
          failure: done.failures[0],
          partly: changes.length > 1 ? `${words.access.partly(saved, api.name)} ` : "",
        };
      saved.push(api.name);
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
  reload,
}: {
  client: { readonly id: string; readonly name: string; readonly grants?: readonly Grant[] | null };
  listed: readonly Api[];
  /** What the person holds in every workspace. */
  held: readonly string[];
  mayGrant: boolean;
  /** Asks for the page anew: somebody else changed it. */
  reload: () => void;
}) {
  const { access } = words;
  const [choice, setChoice] = useState<Choice>(NO_CHOICE);
  const [search, setSearch] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const save = useSave(client.id);
  const now = useNow(60_000);
  const grants = useMemo(() => livingGrants(client.grants ?? [], now), [client.grants, now]);
  const apis = useMemo(() => apisOf(grants, listed), [grants, listed]);
  const groups = useMemo(
    () => gridOf(apis, grants, new Set(held), { scope: access.locked, api: access.lockedApi }),
    [apis, grants, held, access],
  );
  const granted = useMemo(() => grantedIn(groups), [groups]);
  const wanted = useMemo(() => chosenOn(granted, choice), [granted, choice]);
  const changes = useMemo(() => changesOf(apis, grants, wanted), [apis, grants, wanted]);
  const summary = summaryOf(changes);
  const submit = async () => {
    setPending(true);
    const unsaved = await save(changes, "before");
    setPending(false);
    if (unsaved) {
      const { failure, partly } = unsaved;
      const isOld = failure.code === "CHANGED_MEANWHILE";
      setError(`${partly}${isOld ? `${failure.message} ${access.kept}` : sentence(failure)}`);
      if (isOld) reload();
      return;
    }
    setError(undefined);
    setChoice(NO_CHOICE);
    toast(access.saved(client.name, summary), async () => {
      const left = await save(changes, "after");
      toast(left ? `${text.toast.undoFailed} ${left.partly}${sentence(left.failure)}` : text.toast.undone);
    });
  };
  const endAt = (group: ScopeGroup) => {
    const grant = grants.find(({ resource }) => resource?.id === group.id);
    const isLocked = !mayGrant || group.scopes.every(({ lockedReason }) => lockedReason !== undefined);
    return grant && <GrantEnd clientId={client.id} api={group} grant={grant} locked={isLocked} />;
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
        <ScopeGrid
          groups={shown.map((group) => ({ ...group, aside: endAt(group) }))}
          value={wanted}
          onChange={(next) => setChoice(choiceOf(granted, next))}
          readOnly={!mayGrant}
        />
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
            setChoice(NO_CHOICE);
            setError(undefined);
          }}
        />
      )}
      <LeaveGuard dirty={changes.length > 0} question={access.leave} />
    </>
  );
}
