import { text } from "../text.ts";
import { ButtonLink } from "../ui/button.tsx";
import { ErrorState } from "../ui/states.tsx";

/** One page for what is not there and what is not yours, so that existence does not leak. */
export function NotFound() {
  return (
    <main className="lone wide">
      <ErrorState
        page
        what={text.error.notFound}
        todo={text.error.notFoundTodo}
        action={<ButtonLink to={{ to: "/" }}>{text.error.home}</ButtonLink>}
      />
    </main>
  );
}
