import { useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { type Answer, ask } from "../server/ask.ts";
import { Door, Host } from "../session/door.tsx";
import { enter } from "../session/leave.ts";
import { unpack } from "../session/luggage.ts";
import { tellBack } from "../session/sso.ts";
import { words as wordsOf } from "../session/use-ask.ts";
import { doors } from "../text/doors.ts";
import { ButtonLink } from "../ui/button.tsx";
import { Banner } from "../ui/states.tsx";

const words = doors.sso;

/** `POST /console/auth/sso/finish` */
type Finished = { readonly tenant: { readonly slug: string } } | { readonly steppedUp: true };

const placeOf = (finished: Finished): string => ("tenant" in finished ? `/t/${finished.tenant.slug}` : "/");

/** What a provider may send along. */
const KNOWN = ["state", "code", "iss", "error"];

/** Takes the provider's answer out of the address, where it would stay in the history. */
function takeAnswer(): Readonly<Record<string, string>> {
  const sent = [...new URLSearchParams(location.search)].filter(([name]) => KNOWN.includes(name));
  history.replaceState(null, "", location.pathname);
  return Object.fromEntries(sent);
}

/** Where a provider sends people back to: what it sent along is asked about by this page itself, on this origin. */
export function Sso() {
  const { provider } = useParams({ from: "/sso/$provider" });
  const [answer, setAnswer] = useState<Answer<Finished> | null>(null);
  const isAsked = useRef(false);
  useEffect(() => {
    // It is good once.
    if (isAsked.current) return;
    isAsked.current = true;
    const { next, invitation, inWindow } = unpack();
    const body = { provider, ...takeAnswer(), ...(invitation === undefined ? {} : { invitation }) };
    void ask<Finished>("sso/finish", body).then((finished) => {
      if (finished.ok && !inWindow) return enter(next ?? placeOf(finished.body));
      if (finished.ok) {
        tellBack();
        window.close();
      }
      setAnswer(finished);
    });
  }, [provider]);
  if (answer === null) return <Door title={words.coming}>{null}</Door>;
  if (answer.ok)
    return (
      <Door title={words.back} lead={words.backLead}>
        {null}
      </Door>
    );
  return (
    <Door title={words.failed}>
      <div role="alert">
        <Banner tone="bad">{wordsOf(answer)}</Banner>
      </div>
      <div className="door-buttons">
        <ButtonLink to={{ to: "/sign-in" }}>{doors.setUp.signIn}</ButtonLink>
      </div>
      <Host />
    </Door>
  );
}
