import type { ApiChoiceFragment } from "../../gql/graphql.ts";
import type { Target } from "../../reveal/revealed.ts";
import { seconds } from "../settings/seconds.ts";
import { secretWords } from "./limits-block.tsx";
import { createWords as words } from "./text.ts";
import type { Draft } from "./use-draft.ts";

/** What was chosen, API by API. */
export function targetsOf(
  scopes: ReadonlySet<string>,
  apis: readonly ApiChoiceFragment[],
): readonly (Target & { id: string })[] {
  return apis.flatMap(({ id, name, identifier, scopes: all }) => {
    const chosen = (all ?? []).filter((scope) => scopes.has(scope.id)).map((scope) => scope.name);
    return chosen.length > 0 ? [{ id, name, resource: identifier, scopes: chosen }] : [];
  });
}

function Access({ targets }: { targets: readonly Target[] }) {
  const said = words.sentence;
  if (targets.length === 0) return <>{said.nothing}</>;
  return targets.map(({ name, resource, scopes }, at) => (
    <span key={resource}>
      {at > 0 ? " and " : `${said.may} `}
      {scopes.map((scope, index) => (
        <span key={scope}>
          {index > 0 && (index === scopes.length - 1 ? " and " : ", ")}
          <code>{scope}</code>
        </span>
      ))}{" "}
      {said.on} {name}
    </span>
  ));
}

/** The client in a sentence, as it will be. */
export function Summary({
  id,
  draft,
  targets,
  tokenLife,
  now,
  waits,
}: {
  id: string;
  draft: Draft;
  targets: readonly Target[];
  /** Seconds, where the client says nothing. */
  tokenLife: number;
  now: number;
  /** Somebody has to approve it first. */
  waits: boolean;
}) {
  const said = words.sentence;
  return (
    <aside className="create-summary" id={id}>
      <h3>{words.summary}</h3>
      <p>
        <b>{draft.name.trim() || words.nobody}</b> <Access targets={targets} />.{" "}
        {waits ? said.waits : `${said.with} ${secretWords(draft, now)}.`}{" "}
        {said.tokens(seconds(draft.tokenLife ?? tokenLife))}
      </p>
    </aside>
  );
}
