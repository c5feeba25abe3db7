import { Door } from "../session/door.tsx";
import { text } from "../text.ts";
import { ButtonLink } from "../ui/button.tsx";

/** One page for what is not there and what is not yours, so that existence does not leak. */
export function NotFound() {
  return (
    <Door title={text.error.notFoundTitle} lead={`${text.error.notFound} ${text.error.notFoundTodo}`}>
      <ButtonLink to={{ to: "/" }}>{text.error.home}</ButtonLink>
    </Door>
  );
}
