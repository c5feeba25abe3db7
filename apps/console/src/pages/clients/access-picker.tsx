import { useMemo } from "react";
import type { ApiChoiceFragment } from "../../gql/graphql.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import type { LinkTarget } from "../../ui/link.tsx";
import { ScopeGrid } from "../../ui/scope-grid.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { createWords as words } from "./text.ts";

export interface AccessPickerProps {
  readonly shown: readonly ApiChoiceFragment[];
  /** There is an API at all. */
  readonly hasApis: boolean;
  readonly hasMore: boolean;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly value: ReadonlySet<string>;
  readonly onChange: (scopes: ReadonlySet<string>) => void;
  /** What the person holds everywhere: nobody gives more of Mintmark's own APIs than that. */
  readonly held: readonly string[];
  /** Where an API is created; absent where the person may not. */
  readonly addApi: LinkTarget | undefined;
}

/** A long list is searched; a short one is in sight as it is. */
const FEW = 12;

/** What the client may call: scopes, by API. */
export function AccessPicker(props: AccessPickerProps) {
  const { shown, held, typed } = props;
  const groups = useMemo(
    () =>
      shown.map(({ scopes, isOwnApi, ...api }) => ({
        ...api,
        scopes: (scopes ?? []).map((scope) => ({
          ...scope,
          granted: false,
          ...(isOwnApi && !held.includes(scope.name) ? { lockedReason: words.notHeld } : {}),
        })),
      })),
    [shown, held],
  );
  if (!props.hasApis) {
    const add = props.addApi && <ButtonLink to={props.addApi}>{words.addApi}</ButtonLink>;
    return <EmptyState action={add}>{words.noApis}</EmptyState>;
  }
  const scopes = groups.reduce((sum, group) => sum + group.scopes.length, 0);
  const isLong = props.hasMore || scopes > FEW || typed !== "";
  return (
    <>
      {isLong && (
        <div className="filters">
          <SearchField label={words.findScope} placeholder={words.findScope} value={typed} onChange={props.onType} />
        </div>
      )}
      {groups.length > 0 ? (
        <ScopeGrid choosing groups={groups} value={props.value} onChange={props.onChange} />
      ) : (
        <p className="muted small">{words.noScopeMatch}</p>
      )}
      {props.hasMore && typed === "" && <p className="muted small">{words.moreApis}</p>}
    </>
  );
}
