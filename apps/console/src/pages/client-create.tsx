import { PageHead } from "../ui/page-head.tsx";

/** Stands in until the page is written. */
export function ClientCreate() {
  return <PageHead title="Create client" />;
}
