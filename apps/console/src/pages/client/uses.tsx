import { number } from "../../format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import type { OverviewClient } from "../client.tsx";
import { reasonWords } from "./reasons.ts";
import { at } from "./state.ts";
import { words } from "./text.ts";

const { uses: say } = words;

/** Kinds of uses shown of one API. */
const SHOWN = 3;

type Use = NonNullable<OverviewClient["tokenUses"]>[number];

function UseLine({ use }: { use: Use }) {
  return (
    <div className="decision">
      <Badge status={use.reason ? "broken" : "active"}>{use.reason ? say.refused : say.accepted}</Badge>
      <div className="decision-what">
        {use.reason && <p>{reasonWords(use.reason)}</p>}
        {use.scope && (
          <div className="tags">
            {use.scope.split(" ").map((scope) => (
              <Tag key={scope} mono>
                {scope}
              </Tag>
            ))}
          </div>
        )}
        <p className="small muted decision-from">
          {say.by[use.checkedBy]} <span className="mono">{use.address}</span>, {say.times(use.uses, number(use.uses))}
        </p>
      </div>
      <span className="small muted decision-when">
        <Time at={at(use.lastAt) ?? 0} />
      </span>
    </div>
  );
}

/** How its tokens were used at each API that it may call; an API that never asks reports nothing. */
export function Uses({ client }: { client: OverviewClient }) {
  const { tokenUses, grants } = client;
  if (!tokenUses) return <EmptyState>{words.decisions.hidden}</EmptyState>;
  const granted = (grants ?? []).flatMap(({ resource }) => (resource ? [resource] : []));
  const known = new Set(granted.map(({ identifier }) => identifier));
  const others = [...new Set(tokenUses.map(({ resource }) => resource))].filter((one) => !known.has(one));
  const apis = [...granted, ...others.map((identifier) => ({ id: identifier, name: null, identifier }))];
  if (apis.length === 0) return <EmptyState>{say.none}</EmptyState>;
  return (
    <ul className="ruled">
      {apis.map(({ id, name, identifier }) => {
        const own = tokenUses.filter(({ resource }) => resource === identifier);
        return (
          <li key={id}>
            {name && <b>{name}</b>} <code className="muted">{identifier}</code>
            {own.length === 0 && <p className="small muted">{say.notReported}</p>}
            {own.slice(0, SHOWN).map((use) => (
              <UseLine key={`${use.checkedBy} ${use.scope} ${use.address} ${use.reason}`} use={use} />
            ))}
            {own.length > SHOWN && <p className="small muted">{say.more(own.length - SHOWN)}</p>}
          </li>
        );
      })}
    </ul>
  );
}
