import { linkOptions, useParams } from "@tanstack/react-router";
import { TabLinks } from "../../ui/tab-links.tsx";
import { words } from "./text.ts";

/** The two logs of a workspace. */
export function LogTabs({ current }: { current: "changes" | "tokens" }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const params = { tenant, workspace };
  const to = "/t/$tenant/w/$workspace/audit" as const;
  return (
    <TabLinks
      label={words.tabs.label}
      current={current}
      tabs={[
        { id: "changes", label: words.tabs.changes, to: linkOptions({ to, params }) },
        { id: "tokens", label: words.tabs.tokens, to: linkOptions({ to, params, search: { log: "tokens" } }) },
      ]}
    />
  );
}
