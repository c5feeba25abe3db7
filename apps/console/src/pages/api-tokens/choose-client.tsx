import { linkOptions, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { text } from "../../text.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { FindTokenClients } from "./documents.ts";
import { words } from "./text.ts";

const { choose: say } = words;
const PAUSE_MS = 120;

export interface ChoosableClient {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
}

/** The first clients, or those that the server finds for what is typed. */
function useFound(first: readonly ChoosableClient[], typed: string): readonly ChoosableClient[] {
  const { workspace = "" } = useParams({ strict: false });
  const server = useClient();
  const [found, setFound] = useState<readonly ChoosableClient[]>([]);
  const search = typed.trim();
  useEffect(() => {
    if (search === "") return;
    const timer = setTimeout(async () => {
      const { data } = await server.query(FindTokenClients, { workspace, search }).toPromise();
      setFound(data?.workspace?.clients?.nodes ?? []);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [server, workspace, search]);
  return search === "" ? first : found;
}

/** Whose token it will be: a client is chosen first. */
export function ChooseClient({
  title = say.title,
  lead = say.lead,
  first,
  onChoose,
  onClose,
}: {
  title?: string;
  lead?: string;
  first: readonly ChoosableClient[];
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const [typed, setTyped] = useState("");
  const shown = useFound(first, typed);
  const create = linkOptions({ to: "/t/$tenant/w/$workspace/clients/new", params: { tenant, workspace } });
  return (
    <Sheet
      open
      title={title}
      onClose={onClose}
      foot={(close) => (
        <>
          <span className="grow" />
          <Button onPress={close}>{text.dialog.cancel}</Button>
        </>
      )}
    >
      <p className="soft sheet-lead">{lead}</p>
      {first.length === 0 ? (
        <EmptyState action={<ButtonLink to={create}>{say.create}</ButtonLink>}>{say.noClients}</EmptyState>
      ) : (
        <>
          <div className="filters">
            <SearchField label={say.find} placeholder={say.find} value={typed} onChange={setTyped} />
          </div>
          <ul className="choose-list">
            {shown.map(({ id, clientId, name }) => (
              <li key={id}>
                <button type="button" onClick={() => onChoose(id)}>
                  <span className="name">{name}</span> <code className="muted">{clientId}</code>
                </button>
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p className="muted small">{say.none}</p>}
        </>
      )}
    </Sheet>
  );
}
