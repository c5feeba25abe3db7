import { linkOptions } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { Problem, SearchField } from "../../ui/field.tsx";
import { Id } from "../../ui/id.tsx";
import { AppLink } from "../../ui/link.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { EmptyState, MarginBlock, Panel, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { AddResourceServer, FindClients, RemoveResourceServer } from "./documents.ts";
import { useApiAddress } from "./head.tsx";
import { words } from "./text.ts";

interface Server {
  readonly id: string;
  readonly name: string;
  readonly clientId: string;
}

const { settings } = words;

/** Clients to choose from; each is added at once. */
function AddSheet({ apiId, servers, onClose }: { apiId: string; servers: readonly Server[]; onClose: () => void }) {
  const { workspace } = useApiAddress();
  const add = useMutate(AddResourceServer);
  const remove = useMutate(RemoveResourceServer);
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [error, setError] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed), 120);
    return () => clearTimeout(timer);
  }, [typed]);
  const [{ data }] = useQuery({ query: FindClients, variables: { workspace, q: q || null } });
  const found = data?.workspace?.clients?.nodes;
  const known = new Set(servers.map(({ id }) => id));
  const press = async (client: Server) => {
    const isKnown = known.has(client.id);
    const done = await (isKnown ? remove : add)({ resourceId: apiId, clientId: client.id });
    if (!done.ok) return setError(sentence(done.failures[0]));
    setError(undefined);
    announce(isKnown ? settings.serverRemoved(client.name) : settings.serverAdded(client.name));
  };
  return (
    <Sheet open width="peek" title={settings.addServerTitle} onClose={onClose}>
      <SearchField
        label={settings.findClient}
        placeholder={settings.findPlaceholder}
        value={typed}
        onChange={setTyped}
        autoFocus
      />
      {error && <Problem>{error}</Problem>}
      {!found && <Skeleton rows={4} />}
      {found?.length === 0 && <EmptyState>{settings.noClient}</EmptyState>}
      <ul className="found">
        {found?.map((client) => (
          <li key={client.id}>
            <span className="grow cut">
              <span className="name">{client.name}</span>
              <Id id={client.clientId} />
            </span>
            {/* One button in both states, so that the focus stays on it. */}
            <Button size="compact" onPress={() => void press(client)}>
              {known.has(client.id) ? settings.removeServer : settings.add}
              <span className="sr">{settings.removeServerOf(client.name)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** The clients that may introspect tokens for this API; `servers` is null where clients may not be seen. */
export function ServersBlock({
  apiId,
  servers,
  whyNot,
}: {
  apiId: string;
  servers: readonly Server[] | null;
  whyNot: string | undefined;
}) {
  const { tenant, workspace } = useApiAddress();
  const remove = useMutate(RemoveResourceServer);
  const add = useMutate(AddResourceServer);
  const [open, setOpen] = useState(false);
  const reason = whyNot ?? (servers ? undefined : settings.serversHidden);
  const press = async (server: Server) => {
    const input = { resourceId: apiId, clientId: server.id };
    const done = await remove(input);
    if (!done.ok) return toast(sentence(done.failures[0]));
    toast(settings.serverRemoved(server.name), () => void add(input));
  };
  return (
    <MarginBlock
      title={settings.servers}
      help={settings.serversHelp}
      action={
        <Button size="compact" icon="plus" onPress={() => setOpen(true)} disabledReason={reason}>
          {settings.addServer}
        </Button>
      }
    >
      <Panel>
        {servers === null || servers.length === 0 ? (
          <EmptyState>{servers ? settings.serversNone : settings.serversHidden}</EmptyState>
        ) : (
          <ul className="lines dense">
            {servers.map((server) => (
              <li key={server.id}>
                <span className="grow cut">
                  <AppLink
                    className="name"
                    to={linkOptions({
                      to: "/t/$tenant/w/$workspace/clients/$id",
                      params: { tenant, workspace, id: server.id },
                    })}
                  >
                    {server.name}
                  </AppLink>
                </span>
                <Button size="compact" variant="quiet" disabledReason={whyNot} onPress={() => void press(server)}>
                  {settings.removeServer}
                  <span className="sr">{settings.removeServerOf(server.name)}</span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {open && servers && <AddSheet apiId={apiId} servers={servers} onClose={() => setOpen(false)} />}
    </MarginBlock>
  );
}
