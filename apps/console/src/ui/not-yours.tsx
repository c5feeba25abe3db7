import { text } from "../text.ts";
import { ButtonLink } from "./button.tsx";
import { ErrorState } from "./states.tsx";

/** One text for what is not there and what is not yours, so that existence does not leak. */
export function NotYours({ what = text.error.notFound }: { what?: string }) {
  return (
    <ErrorState
      page
      what={what}
      todo={text.error.notFoundTodo}
      action={<ButtonLink to={{ to: "/" }}>{text.error.home}</ButtonLink>}
    />
  );
}
