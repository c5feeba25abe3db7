import { Sheet } from "../../ui/sheet.tsx";
import type { Role } from "./documents.ts";
import { words } from "./text.ts";

const { roles: say } = words;

/** What a role lets its holders do, permission by permission. */
export function RoleSheet({ role: { name, description, scopes }, onClose }: { role: Role; onClose: () => void }) {
  return (
    <Sheet open title={say.of(name)} onClose={onClose} width="peek">
      {description && <p>{description}</p>}
      <h3 className="role-can-head">{say.mayDo}</h3>
      {scopes?.length ? (
        <dl className="role-can">
          {scopes.map((scope) => (
            <div key={scope.id}>
              <dt>
                <code>{scope.name}</code>
              </dt>
              <dd>{scope.description}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="muted">{say.nothing}</p>
      )}
    </Sheet>
  );
}
