import { exact } from "../../format.ts";
import { words } from "./text.ts";

/** The exact instant, in UTC and in the reader's zone; or that it never ends. */
export const Ends = ({ at }: { at: string | null | undefined }) =>
  at ? <span className="instant-lines">{exact(Date.parse(at))}</span> : words.reveal.endsNever;
