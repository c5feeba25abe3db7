import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { doors } from "../text/doors.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Banner } from "../ui/states.tsx";
import { AskForm } from "./door.tsx";
import { goToProvider, inOwnWindow, type SsoProvider } from "./sso.ts";
import { useAsk, words as wordsOf } from "./use-ask.ts";

const words = doors.sso;

interface Going {
  readonly next?: string | undefined;
  readonly invitation?: string | undefined;
}

/** "Continue with …", a button for each provider. */
export function SsoButtons({
  providers,
  going,
}: {
  providers: readonly SsoProvider[];
  /** What is taken along; or the page stays, and the provider gets a window of its own. */
  going: Going | "in-window";
}) {
  const [pending, setPending] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const press = async (id: string) => {
    setPending(id);
    setTrouble(null);
    const begun = await (going === "in-window" ? inOwnWindow("sso/begin", { provider: id }) : goToProvider(id, going));
    if (begun.ok && going !== "in-window") return;
    setPending(null);
    if (!begun.ok) setTrouble(wordsOf(begun));
  };
  if (providers.length === 0) return null;
  return (
    <div className="door-buttons">
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

/** The providers of a tenant; null until they are known. Where nobody can say, there are none. */
export function useSsoProviders(tenant: string | undefined): readonly SsoProvider[] | null {
  const [providers, setProviders] = useState<readonly SsoProvider[] | null>(tenant === undefined ? [] : null);
  useEffect(() => {
    if (tenant === undefined) return;
    void ask<{ providers: readonly SsoProvider[] }>("sso", { tenant }).then((answer) =>
      setProviders(answer.ok ? answer.body.providers : []),
    );
  }, [tenant]);
  return providers;
}

/** Where the address names no tenant, the person does. */
export function NameTenant({ going, onBack }: { going: Going; onBack: () => void }) {
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
        <div className="door-buttons">
          <Button type="submit" variant="primary" pending={asking.pending}>
            {words.find}
          </Button>
        </div>
      </AskForm>
      {found && found.length > 0 && <SsoButtons providers={found} going={going} />}
      <div className="door-ways">
        <Button variant="quiet" onPress={onBack}>
          {words.another}
        </Button>
      </div>
    </>
  );
}
