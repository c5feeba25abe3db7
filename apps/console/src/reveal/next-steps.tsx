import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { AppLink, type LinkTarget } from "../ui/link.tsx";
import { protectSnippets } from "./protect.ts";
import type { Issuer, Target } from "./revealed.ts";
import { words } from "./text.ts";

/** This client's pages. */
export interface Places {
  readonly settings: LinkTarget;
  readonly credentials: LinkTarget;
  /** Where it registers a certificate; absent where none can be shown. */
  readonly certificate?: LinkTarget | undefined;
  readonly access: LinkTarget;
}

/** After a token was issued: the pages of this client that come next, and how an API asks for such tokens. */
export function NextSteps({ issuer, target, places }: { issuer: Issuer; target: Target | undefined; places: Places }) {
  const [protect, setProtect] = useState(false);
  const { settings, credentials, certificate, access } = places;
  const proof = certificate ? ({ page: "certificate", to: certificate } as const) : undefined;
  const pages = [
    { page: "settings", to: settings },
    proof ?? { page: "credentials", to: credentials },
    { page: "access", to: access },
  ] as const;
  return (
    <section className="panel" aria-label={words.next}>
      <div className="panel-head">
        <h2>{words.next}</h2>
      </div>
      <ul className="reveal-next">
        {pages.map(({ page, to }) => (
          <li key={page}>
            <AppLink to={to}>{words.steps[page][0]}</AppLink>
            <span className="muted">{words.steps[page][1]}</span>
          </li>
        ))}
        {target && (
          <li>
            <Button variant="quiet" size="compact" onPress={() => setProtect((open) => !open)}>
              {words.steps.protect[0]}
            </Button>
            <span className="muted">{words.steps.protect[1]}</span>
          </li>
        )}
      </ul>
      {protect && target && (
        <div className="panel-body">
          <p className="soft small">{words.protectHelp}</p>
          <CodeBlock label={words.protect} tabs={protectSnippets(issuer, target)} />
        </div>
      )}
    </section>
  );
}
