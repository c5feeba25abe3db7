import { useState } from "react";
import { mayNot } from "../may-not.ts";
import { usePage } from "../server/page.tsx";
import { useInFrame } from "../shell/frame-store.ts";
import { Button } from "../ui/button.tsx";
import { RadioCards } from "../ui/choices.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Banner, MarginBlock } from "../ui/states.tsx";
import { ImportsPage, type ImportsWorkspace, type ListedImport } from "./imports/documents.ts";
import { FileBlock } from "./imports/file-block.tsx";
import { Recent } from "./imports/recent.tsx";
import { words } from "./imports/text.ts";
import { type Credentials, fileProblem, useImport } from "./imports/use-import.ts";
import "../styles/imports.css";

const { credentials: say } = words;
const CHOICES = [
  { value: "secret", label: say.secret, help: say.secretHelp },
  { value: "keys", label: say.keys, help: say.keysHelp },
] as const;

const CRUMBS = [{ label: words.title }];

type Workspace = ImportsWorkspace & { readonly id: string; readonly viewerPermissions: readonly string[] };

function Start({ workspace, imports }: { workspace: Workspace; imports: readonly ListedImport[] }) {
  const [file, setFile] = useState<File | null>(null);
  const [credentials, setCredentials] = useState<Credentials>("secret");
  const [tried, setTried] = useState(false);
  const { start, pending, failures, problems } = useImport(workspace.id);
  const { viewerPermissions: held } = workspace;
  const locked = mayNot(held, "client:write") ?? mayNot(held, "client-secret:write");
  const wrong = fileProblem(file);
  const submit = () => {
    setTried(true);
    if (file && wrong === undefined) void start(file, credentials);
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setTried(chosen !== null);
  };
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <Button variant="primary" pending={pending} disabledReason={locked} onPress={submit}>
            {words.submit}
          </Button>
        }
      >
        {words.lead}
      </PageHead>
      {failures.length > 0 && (
        <div role="alert">
          {problems.map((problem) => (
            <Banner key={problem} tone="bad">
              {problem}
            </Banner>
          ))}
        </div>
      )}
      <FileBlock
        apis={workspace.resources}
        error={tried ? wrong : undefined}
        disabled={locked !== undefined}
        onChoose={choose}
      />
      <MarginBlock title={say.title} help={say.help}>
        <RadioCards label={say.label} value={credentials} onChange={setCredentials} choices={CHOICES} />
      </MarginBlock>
      <Recent imports={imports} />
    </>
  );
}

/** Thousands of clients from one file: what stands in it, how they prove who they are, and what was imported lately. */
export function Imports() {
  useInFrame({ crumbs: CRUMBS });
  const page = usePage(ImportsPage, {});
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  const { imports, viewerPermissions } = workspace;
  if (!imports || !viewerPermissions.includes("client:read")) return <NotYours what={words.hidden} />;
  return <Start workspace={workspace} imports={imports.nodes} />;
}
