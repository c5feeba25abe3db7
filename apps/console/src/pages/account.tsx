import { useState } from "react";
import { setPreference, usePreferences } from "../preferences.ts";
import { AskForm, PasswordField } from "../session/door.tsx";
import { useAsk } from "../session/use-ask.ts";
import { useAccount } from "../shell/account-shell.tsx";
import { account } from "../text/account.ts";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox, RadioCards } from "../ui/choices.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { MarginBlock } from "../ui/states.tsx";
import { toast } from "../ui/toast.tsx";
import { Passkeys } from "./account/passkeys.tsx";
import { Totp } from "./account/totp.tsx";
import { You } from "./account/you.tsx";

function Look() {
  const chosen = usePreferences();
  const words = account.look;
  return (
    <MarginBlock title={words.title} help={words.help}>
      <RadioCards
        label={words.theme}
        look="presets"
        value={chosen.theme}
        onChange={(value) => setPreference("theme", value)}
        choices={(["system", "light", "dark"] as const).map((value) => ({ value, label: text.theme[value] }))}
      />
      <RadioCards
        label={words.density}
        look="presets"
        value={chosen.density}
        onChange={(value) => setPreference("density", value)}
        choices={(["compact", "normal", "roomy"] as const).map((value) => ({ value, label: words.densities[value] }))}
      />
      <RadioCards
        label={words.zone}
        look="presets"
        value={chosen.zone}
        onChange={(value) => setPreference("zone", value)}
        choices={(["local", "utc"] as const).map((value) => ({ value, label: words.zones[value] }))}
      />
      <Checkbox
        checked={chosen.singleKeys === "on"}
        onChange={(on) => setPreference("singleKeys", on ? "on" : "off")}
        help={words.keysHelp}
      >
        {words.keys}
      </Checkbox>
    </MarginBlock>
  );
}

function Password() {
  const { facts, reload } = useAccount();
  const words = account.password;
  const [typed, setTyped] = useState({ currentPassword: "", newPassword: "" });
  const asking = useAsk(["currentPassword", "newPassword"]);
  const submit = async () => {
    if ((await asking.send("password", typed)) === null) return;
    setTyped({ currentPassword: "", newPassword: "" });
    toast(words.done);
    reload();
  };
  return (
    <MarginBlock title={words.title} help={words.help}>
      <div className="form-narrow">
        <AskForm asking={asking} onSubmit={() => void submit()}>
          <input type="email" autoComplete="username" value={facts.email} readOnly hidden />
          <PasswordField
            label={words.current}
            value={typed.currentPassword}
            onChange={(currentPassword) => setTyped({ ...typed, currentPassword })}
            error={asking.problem("currentPassword")}
            autoComplete="current-password"
          />
          <PasswordField
            label={words.next}
            value={typed.newPassword}
            onChange={(newPassword) => setTyped({ ...typed, newPassword })}
            error={asking.problem("newPassword")}
            help={doors.setUp.passwordHelp}
            autoComplete="new-password"
          />
          <Button type="submit" pending={asking.pending}>
            {words.submit}
          </Button>
        </AskForm>
      </div>
    </MarginBlock>
  );
}

/** What belongs to the person: how the console looks, and how they prove who they are. */
export function Account() {
  const { sso } = useAccount().facts;
  if (sso)
    return (
      <>
        <PageHead title={account.title} />
        <You />
        <Look />
        <MarginBlock title={account.sso.title} help={account.sso.help}>
          <p>{account.sso.by(sso.name)}</p>
        </MarginBlock>
      </>
    );
  return (
    <>
      <PageHead title={account.title} />
      <You />
      <Look />
      <Password />
      <Passkeys />
      <Totp />
    </>
  );
}
