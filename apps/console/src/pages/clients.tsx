import { PageHead } from "../ui/page-head.tsx";

/** Stands in until the page is written. */
export function Clients() {
  return <PageHead title="Clients" />;
}
