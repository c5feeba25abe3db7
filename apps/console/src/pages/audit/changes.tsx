import type { AuditDetailFragment } from "../../gql/graphql.ts";
import { Id } from "../../ui/id.tsx";
import { differences } from "./diff.ts";
import { words } from "./text.ts";

type Change = AuditDetailFragment["changes"][number];

const { entry: own } = words;

function Side({ value, sign }: { value: string | undefined; sign: "before" | "after" }) {
  if (value === undefined) return null;
  const Tag = sign === "before" ? "del" : "ins";
  return (
    <Tag>
      <span className="sr">{sign === "before" ? own.before : own.after} </span>
      {value}
    </Tag>
  );
}

function Diff({ change }: { change: Change }) {
  const all = differences(change.before, change.after);
  const does = change.before ? (change.after ? own.changed : own.removed) : own.made;
  return (
    <section className="diff" aria-label={`${own.kinds[change.kind] ?? change.kind} ${does}`}>
      <h4>
        {own.kinds[change.kind] ?? change.kind} {does}
        <Id id={change.id} />
      </h4>
      {all.length === 0 ? (
        <p className="small muted">{own.same}</p>
      ) : (
        <dl>
          {all.map(({ path, before, after }) => (
            <div key={path}>
              <dt className="mono">{path}</dt>
              <dd className="mono">
                <Side value={before} sign="before" />
                <Side value={after} sign="after" />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** What the act made of each thing: the members that differ, before and after. */
export function Changes({ entry }: { entry: AuditDetailFragment }) {
  const nothing = entry.outcome === "REFUSED" ? own.noChangesRefused : own.hiddenChanges;
  return (
    <>
      <h3 className="entry-part">{own.changes}</h3>
      {entry.changes.length === 0 && <p className="small muted">{nothing}</p>}
      {entry.changes.map((change) => (
        <Diff key={`${change.kind} ${change.id}`} change={change} />
      ))}
    </>
  );
}
