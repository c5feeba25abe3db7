import { PageHead } from "../ui/page-head.tsx";

/** Stands in until the page is written. */
export function Audit() {
  return <PageHead title="Audit log" />;
}
