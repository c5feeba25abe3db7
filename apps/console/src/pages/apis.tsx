import { ApiList } from "./apis/list.tsx";

/** What can be called here. */
export function Apis() {
  return <ApiList />;
}
