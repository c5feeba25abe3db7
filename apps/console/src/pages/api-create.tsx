import { CreateSheet } from "./apis/create-sheet.tsx";
import { ApiList } from "./apis/list.tsx";

/** A new API, over the list of those that are there. */
export function ApiCreate() {
  return <ApiList over={(workspace) => <CreateSheet workspace={workspace} />} />;
}
