import { linkOptions, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { number } from "../format.ts";
import { mayNot } from "../may-not.ts";
import { download } from "../server/download.ts";
import { usePage } from "../server/page.tsx";
import { useInFrame } from "../shell/frame-store.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { KeyValueList } from "../ui/key-value-list.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { EmptyState } from "../ui/states.tsx";
import { TabLinks } from "../ui/tab-links.tsx";
import { Time } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { ImportPage, type Job } from "./imports/documents.ts";
import { shapes } from "./imports/recent.tsx";
import { RowsTable } from "./imports/rows-table.tsx";
import { SaveSecrets } from "./imports/secrets.tsx";
import { Standing } from "./imports/standing.tsx";
import { words } from "./imports/text.ts";
import { useJob } from "./imports/use-job.ts";
import "../styles/imports.css";

const { job: say } = words;

function SaveReport({ path, disabledReason }: { path: string; disabledReason: string | undefined }) {
  const { tenant = "" } = useParams({ strict: false });
  const [pending, setPending] = useState(false);
  const press = async () => {
    setPending(true);
    if (!(await download(tenant, path, new AbortController().signal))) toast(say.reportFailed);
    setPending(false);
  };
  return (
    <Button pending={pending} disabledReason={disabledReason} onPress={() => void press()}>
      {say.report}
    </Button>
  );
}

/** Bytes as people read them. */
const sizeWords = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${number(Math.ceil(bytes / 1024))} KiB` : `${number(Math.round(bytes / 1024 / 1024))} MiB`;

interface Standpoint {
  readonly job: Job;
  readonly outcome: "REFUSED" | "MADE";
  readonly tokenEndpoint: string;
  readonly permissions: readonly string[];
  readonly reload: () => void;
}

function Report({ job, outcome, tokenEndpoint, permissions, reload }: Standpoint) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const facts = useJob(job, reload);
  const locked = mayNot(permissions, "client-secret:write");
  const noSecrets = facts.sealsSecrets && facts.made > 0 ? undefined : say.noSecrets;
  const to = (rows?: string) =>
    ({
      to: "/t/$tenant/w/$workspace/clients/import/$id",
      params: { ...params, id: job.id },
      search: rows === undefined ? {} : { rows },
    }) as const;
  return (
    <>
      <PageHead
        title={say.title}
        badge={<Badge status={shapes[facts.state]}>{words.states[facts.state]}</Badge>}
        actions={
          <>
            <SaveReport path={facts.reportPath} disabledReason={locked} />
            <SaveSecrets job={job} disabledReason={locked ?? noSecrets} />
          </>
        }
      >
        <div className="meta">
          <Time at={Date.parse(facts.createdAt)} />
          {facts.size > 0 && <span>{say.size(facts.format, sizeWords(facts.size))}</span>}
        </div>
      </PageHead>
      <Standing job={facts} mayWrite={locked === undefined} onSent={reload} />
      <div className="key-facts">
        <KeyValueList
          items={[
            { label: say.facts.made, value: number(facts.made) },
            { label: say.facts.refused, value: number(facts.refused) },
            { label: say.facts.tokens, value: tokenEndpoint, mono: true, copy: tokenEndpoint },
            { label: say.facts.until, value: <Time at={Date.parse(facts.expiresAt)} /> },
          ]}
        />
      </div>
      <TabLinks
        label={say.tabs.label}
        current={outcome}
        tabs={[
          { id: "REFUSED", label: say.tabs.refused, count: facts.refused, warn: facts.refused > 0, to: to() },
          { id: "MADE", label: say.tabs.made, count: facts.made, to: to("made") },
        ]}
      />
      <RowsTable job={job} outcome={outcome} total={outcome === "MADE" ? facts.made : facts.refused} />
    </>
  );
}

/** One import: how far it is, what became of each line, and its secrets for whoever holds the key. */
export function ImportOfClients() {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string; id: string };
  const { rows } = useSearch({ strict: false }) as { rows?: string };
  const outcome = rows === "made" ? "MADE" : "REFUSED";
  const { tenant, workspace: slug } = params;
  const back = useMemo(
    () => linkOptions({ to: "/t/$tenant/w/$workspace/clients/import", params: { tenant, workspace: slug } }),
    [tenant, slug],
  );
  useInFrame({ crumbs: useMemo(() => [{ label: words.title, to: back }, { label: say.title }], [back]) });
  const page = usePage(ImportPage, { id: params.id, outcome });
  if (page.wait) return page.wait;
  const { job, workspace } = page.data;
  if (job?.__typename !== "Import")
    return (
      <>
        <PageHead title={say.title} />
        <EmptyState action={<ButtonLink to={back}>{say.back}</ButtonLink>}>{say.gone}</EmptyState>
      </>
    );
  return (
    <Report
      job={job}
      outcome={outcome}
      tokenEndpoint={workspace.tokenEndpoint}
      permissions={workspace.viewerPermissions}
      reload={page.reload}
    />
  );
}
