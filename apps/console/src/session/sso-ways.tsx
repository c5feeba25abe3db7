import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { doors } from "../text/doors.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Banner } from "../ui/states.tsx";
import { AskForm } from "./door.tsx";
import { goToProvider, type SsoProvider } from "./sso.ts";
import { useAsk, words as wordsOf } from "./use-ask.ts";

const words = doors.sso;

interface Going {
  readonly next?: string | undefined;
  readonly invitation?: string | undefined;
}

/** "Continue with …", a button for each provider. */
export function SsoButtons({ providers, going }: { providers: readonly SsoProvider[]; going: Going }) {
  const [pending, setPending] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const press = async (id: string) => {
    setPending(id);
    setTrouble(null);
    const begun = await goToProvider(id, going);
    if (begun.ok) return;
    setPending(null);
    setTrouble(wordsOf(begun));
  };
  return (
    <div className="door-sso">
      {trouble && (
        <div role="alert">
          <Banner tone="bad">{trouble}</Banner>
        </div>
      )}
      {providers.map(({ id, name }) => (
        <Button key={id} icon="people" pending={pending === id} onPress={() => void press(id)}>
          {words.go(name)}
        </Button>
      ))}
    </div>
  );
}

/** The providers of a tenant; none until they are known. */
export function useSsoProviders(tenant: string | undefined): readonly SsoProvider[] {
  const [providers, setProviders] = useState<readonly SsoProvider[]>([]);
  useEffect(() => {
    if (tenant === undefined) return;
    void ask<{ providers: readonly SsoProvider[] }>("sso", { tenant }).then(
      (answer) => answer.ok && setProviders(answer.body.providers),
    );
  }, [tenant]);
  return providers;
}

/** Where the address names no tenant, the person does. */
function NameTenant({ going }: { going: Going }) {
  const [tenant, setTenant] = useState("");
  const [found, setFound] = useState<readonly SsoProvider[] | null>(null);
  const asking = useAsk(["tenant"]);
  const submit = async () => {
    const answer = await asking.send<{ providers: readonly SsoProvider[] }>("sso", { tenant: tenant.trim() });
    setFound(answer?.providers ?? null);
  };
  return (
    <>
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <TextField
          label={words.tenant}
          value={tenant}
          onChange={setTenant}
          help={words.tenantHelp}
          error={asking.problem("tenant") ?? (found?.length === 0 ? words.none : undefined)}
          autoComplete="organization"
          autoFocus
          mono
        />
        <Button type="submit" variant="primary" pending={asking.pending}>
          {words.find}
        </Button>
      </AskForm>
      {found && found.length > 0 && <SsoButtons providers={found} going={going} />}
    </>
  );
}

/** The slug of the tenant that somebody was going to. */
const tenantIn = (next: string | undefined): string | undefined =>
  /^\/t\/([a-z0-9][a-z0-9-]{0,62})(?:[/?#]|$)/.exec(next ?? "")?.[1];

/** Single sign-on below the other ways in: the tenant's own buttons, or a field for its name. */
export function SsoWays({ next }: { next: string | undefined }) {
  const [isNaming, setNaming] = useState(false);
  const providers = useSsoProviders(tenantIn(next));
  const going = { next };
  if (providers.length > 0) return <SsoButtons providers={providers} going={going} />;
  if (isNaming) return <NameTenant going={going} />;
  return (
    <div className="door-ways">
      <Button variant="quiet" onPress={() => setNaming(true)}>
        {words.open}
      </Button>
    </div>
  );
}
