import { text } from "../text.ts";
import { ButtonLink } from "./button.tsx";
import { ErrorState } from "./states.tsx";

/** What the people of a suspended tenant see instead of its pages. */
export function TenantSuspended() {
  const { suspended, suspendedWhy, suspendedTodo, home } = text.error;
  return (
    <ErrorState
      page
      what={suspended}
      why={suspendedWhy}
      todo={suspendedTodo}
      action={<ButtonLink to={{ to: "/", search: { choose: "tenant" } }}>{home}</ButtonLink>}
    />
  );
}
