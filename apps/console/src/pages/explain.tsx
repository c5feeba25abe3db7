import { linkOptions, useParams, useSearch } from "@tanstack/react-router";
import { usePage } from "../server/page.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { ErrorState } from "../ui/states.tsx";
import { ExplainPage } from "./audit/documents.ts";
import { words } from "./audit/text.ts";
import { TokenFacts } from "./audit/token-facts.tsx";
import "../styles/audit.css";

const { tokens } = words;

/** Where `error_uri` leads: what a refused request met, for whoever may read the token log. */
export function Explain() {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { request = "" } = useSearch({ from: "/t/$tenant/w/$workspace/explain" });
  const page = usePage(ExplainPage, { request }, { rows: 8 });
  if (page.wait) return page.wait;
  const { viewerPermissions, tokenLogEntry: entry } = page.data.workspace;
  const log = (
    <ButtonLink
      to={linkOptions({
        to: "/t/$tenant/w/$workspace/audit",
        params: { tenant, workspace },
        search: { log: "tokens" },
      })}
    >
      {tokens.log}
    </ButtonLink>
  );
  if (!viewerPermissions.includes("token-log:read"))
    return (
      <>
        <PageHead title={tokens.page} />
        <NotYours what={words.tokensHidden} />
      </>
    );
  if (request === "") return <ErrorState page what={tokens.noRequest} todo={tokens.noRequestTodo} action={log} />;
  if (!entry)
    return (
      <ErrorState
        page
        what={tokens.missing}
        why={tokens.missingWhy}
        todo={tokens.missingTodo}
        correlationId={request}
        action={log}
      />
    );
  const isRefused = entry.outcome === "REFUSED";
  return (
    <>
      <PageHead title={isRefused ? tokens.page : tokens.title} actions={log}>
        {isRefused ? (entry.explanation ?? tokens.notSaid) : tokens.issued}
      </PageHead>
      <TokenFacts entry={entry} part="h2" />
    </>
  );
}
